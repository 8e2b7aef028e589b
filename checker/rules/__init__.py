"""The rules, one a file, in the order of the catalogue."""

from __future__ import annotations

from checker.rules.action_does_not_exist import action_does_not_exist
from checker.rules.argument_not_for_sqs import argument_not_for_sqs
from checker.rules.attachment_undone import attachment_undone
from checker.rules.batch_size_out_of_range import batch_size_out_of_range
from checker.rules.batching_window_not_allowed import batching_window_not_allowed
from checker.rules.concurrency_above_default_quota import concurrency_above_default_quota
from checker.rules.concurrency_out_of_range import concurrency_out_of_range
from checker.rules.configuration_invalid import configuration_invalid
from checker.rules.cross_account_queue_closed import cross_account_queue_closed
from checker.rules.dead_letter_queue_doubtful import dead_letter_queue_doubtful
from checker.rules.dead_letter_queue_mismatch import dead_letter_queue_mismatch
from checker.rules.dead_letter_queue_missing import dead_letter_queue_missing
from checker.rules.dead_letter_queue_on_function import dead_letter_queue_on_function
from checker.rules.dead_letter_retention_too_short import dead_letter_retention_too_short
from checker.rules.deployer_cannot_create_mapping import deployer_cannot_create_mapping
from checker.rules.deployer_cannot_list import deployer_cannot_list
from checker.rules.document_invalid import document_invalid
from checker.rules.duplicate_mapping import duplicate_mapping
from checker.rules.earlier_mapping_still_exists import earlier_mapping_still_exists
from checker.rules.encryption_conflict import encryption_conflict
from checker.rules.environment_key_unusable import environment_key_unusable
from checker.rules.environment_variables_invalid import environment_variables_invalid
from checker.rules.fifo_attribute_not_allowed import fifo_attribute_not_allowed
from checker.rules.fifo_queue_unsupported import fifo_queue_unsupported
from checker.rules.filter_key_closed_to_lambda import filter_key_closed_to_lambda
from checker.rules.filter_pattern_invalid import filter_pattern_invalid
from checker.rules.filters_drop_messages import filters_drop_messages
from checker.rules.function_code_not_readable import function_code_not_readable
from checker.rules.function_dead_letter_target_invalid import function_dead_letter_target_invalid
from checker.rules.function_feeds_its_own_queue import function_feeds_its_own_queue
from checker.rules.function_kind_not_for_mappings import function_kind_not_for_mappings
from checker.rules.function_reads_several_queues import function_reads_several_queues
from checker.rules.high_throughput_half_set import high_throughput_half_set
from checker.rules.key_in_other_region import key_in_other_region
from checker.rules.key_unusable import key_unusable
from checker.rules.managed_key_across_accounts import managed_key_across_accounts
from checker.rules.managed_policy_missing import managed_policy_missing
from checker.rules.mapping_disabled import mapping_disabled
from checker.rules.mapping_does_not_wait import mapping_does_not_wait
from checker.rules.mapping_not_enabled import mapping_not_enabled
from checker.rules.mapping_orphaned import mapping_orphaned
from checker.rules.name_taken_twice import name_taken_twice
from checker.rules.package_type_conflict import package_type_conflict
from checker.rules.permission_does_nothing import permission_does_nothing
from checker.rules.policy_attached_too_late import policy_attached_too_late
from checker.rules.policy_too_large import policy_too_large
from checker.rules.pollers_invalid import pollers_invalid
from checker.rules.producer_cannot_send import producer_cannot_send
from checker.rules.queue_not_encrypted import queue_not_encrypted
from checker.rules.queue_open_to_everyone import queue_open_to_everyone
from checker.rules.queue_policy_without_version import queue_policy_without_version
from checker.rules.queue_shared_by_functions import queue_shared_by_functions
from checker.rules.receive_count_below_advice import receive_count_below_advice
from checker.rules.receive_count_too_low import receive_count_too_low
from checker.rules.redrive_policy_invalid import redrive_policy_invalid
from checker.rules.region_mismatch import region_mismatch
from checker.rules.reserved_concurrency_too_low import reserved_concurrency_too_low
from checker.rules.reserved_concurrency_zero import reserved_concurrency_zero
from checker.rules.resource_managed_twice import resource_managed_twice
from checker.rules.retention_too_short import retention_too_short
from checker.rules.role_allows_too_much import role_allows_too_much
from checker.rules.role_cannot_decrypt import role_cannot_decrypt
from checker.rules.role_cannot_extend_visibility import role_cannot_extend_visibility
from checker.rules.role_cannot_join_vpc import role_cannot_join_vpc
from checker.rules.role_cannot_read_queue import role_cannot_read_queue
from checker.rules.role_cannot_send_dead_letters import role_cannot_send_dead_letters
from checker.rules.role_cannot_trace import role_cannot_trace
from checker.rules.role_not_assumable_by_lambda import role_not_assumable_by_lambda
from checker.rules.rule import AnyRule
from checker.rules.statement_grants_nothing import statement_grants_nothing
from checker.rules.too_many_filters import too_many_filters
from checker.rules.value_out_of_range import value_out_of_range
from checker.rules.visibility_timeout_below_function_timeout import (
    visibility_timeout_below_function_timeout,
)
from checker.rules.visibility_timeout_too_short import visibility_timeout_too_short
from checker.rules.waiver_unused import waiver_unused
from checker.rules.waiver_without_reason import waiver_without_reason
from checker.rules.whole_batch_retried import whole_batch_retried
from checker.rules.wrong_identifier import wrong_identifier

RULES: tuple[AnyRule, ...] = (
    role_cannot_read_queue,
    role_cannot_extend_visibility,
    deployer_cannot_create_mapping,
    deployer_cannot_list,
    region_mismatch,
    managed_key_across_accounts,
    fifo_queue_unsupported,
    function_reads_several_queues,
    role_cannot_decrypt,
    role_not_assumable_by_lambda,
    cross_account_queue_closed,
    role_cannot_join_vpc,
    role_cannot_send_dead_letters,
    function_dead_letter_target_invalid,
    role_cannot_trace,
    environment_key_unusable,
    environment_variables_invalid,
    function_code_not_readable,
    package_type_conflict,
    function_kind_not_for_mappings,
    visibility_timeout_below_function_timeout,
    visibility_timeout_too_short,
    batch_size_out_of_range,
    batching_window_not_allowed,
    dead_letter_queue_missing,
    duplicate_mapping,
    earlier_mapping_still_exists,
    name_taken_twice,
    resource_managed_twice,
    wrong_identifier,
    action_does_not_exist,
    configuration_invalid,
    value_out_of_range,
    document_invalid,
    policy_too_large,
    managed_policy_missing,
    statement_grants_nothing,
    argument_not_for_sqs,
    concurrency_out_of_range,
    concurrency_above_default_quota,
    pollers_invalid,
    reserved_concurrency_zero,
    reserved_concurrency_too_low,
    mapping_disabled,
    whole_batch_retried,
    dead_letter_queue_mismatch,
    dead_letter_queue_doubtful,
    redrive_policy_invalid,
    receive_count_too_low,
    receive_count_below_advice,
    dead_letter_retention_too_short,
    retention_too_short,
    encryption_conflict,
    fifo_attribute_not_allowed,
    high_throughput_half_set,
    queue_not_encrypted,
    queue_policy_without_version,
    queue_open_to_everyone,
    producer_cannot_send,
    queue_shared_by_functions,
    key_unusable,
    key_in_other_region,
    too_many_filters,
    filter_pattern_invalid,
    dead_letter_queue_on_function,
    filters_drop_messages,
    policy_attached_too_late,
    mapping_does_not_wait,
    attachment_undone,
    filter_key_closed_to_lambda,
    permission_does_nothing,
    role_allows_too_much,
    function_feeds_its_own_queue,
    mapping_orphaned,
    mapping_not_enabled,
    waiver_without_reason,
    waiver_unused,
)
"""Every rule."""
