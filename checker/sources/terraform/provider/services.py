"""The service of an ARN that only its provider can tell: enough to tell it from a queue's.

An ARN that a resource of a type has is one of the type's own service, whatever else is unknown.
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

_OF_SERVICE = {
    "acm": "aws_acm_certificate",
    "apigateway": "aws_api_gateway_rest_api aws_api_gateway_stage aws_apigatewayv2_api",
    "appsync": "aws_appsync_graphql_api",
    "athena": "aws_athena_workgroup",
    "batch": "aws_batch_compute_environment aws_batch_job_definition aws_batch_job_queue",
    "cloudfront": "aws_cloudfront_distribution",
    "cloudwatch": "aws_cloudwatch_composite_alarm aws_cloudwatch_metric_alarm",
    "codebuild": "aws_codebuild_project",
    "cognito-idp": "aws_cognito_user_pool",
    "dynamodb": "aws_dynamodb_table",
    "ec2": "aws_instance aws_security_group aws_subnet aws_vpc",
    "ecr": "aws_ecr_repository",
    "ecs": "aws_ecs_cluster aws_ecs_task_definition",
    "elasticache": "aws_elasticache_cluster aws_elasticache_replication_group",
    "elasticfilesystem": "aws_efs_access_point aws_efs_file_system",
    "elasticloadbalancing": "aws_alb aws_lb aws_lb_listener aws_lb_target_group",
    "es": "aws_elasticsearch_domain aws_opensearch_domain",
    "events": "aws_cloudwatch_event_bus aws_cloudwatch_event_rule",
    "firehose": "aws_kinesis_firehose_delivery_stream",
    "glue": "aws_glue_crawler aws_glue_job aws_glue_trigger",
    "kafka": "aws_msk_cluster aws_msk_serverless_cluster",
    "kinesis": "aws_kinesis_stream aws_kinesis_stream_consumer",
    "lambda": "aws_lambda_layer_version",
    "logs": "aws_cloudwatch_log_group",
    "mq": "aws_mq_broker",
    "pipes": "aws_pipes_pipe",
    "rds": "aws_db_instance aws_db_proxy aws_docdb_cluster aws_neptune_cluster aws_rds_cluster",
    "s3": "aws_s3_bucket",
    "scheduler": "aws_scheduler_schedule aws_scheduler_schedule_group",
    "secretsmanager": "aws_secretsmanager_secret",
    "ses": "aws_ses_domain_identity aws_ses_email_identity aws_sesv2_email_identity",
    "sns": "aws_sns_topic",
    "ssm": "aws_ssm_document aws_ssm_parameter",
    "states": "aws_sfn_activity aws_sfn_state_machine",
    "wafv2": "aws_wafv2_web_acl",
}
SERVICES = {
    (type_, "arn"): service for service, types in _OF_SERVICE.items() for type_ in types.split()
} | {
    ("aws_dynamodb_table", "stream_arn"): "dynamodb",
    ("aws_api_gateway_rest_api", "execution_arn"): "execute-api",
    ("aws_api_gateway_stage", "execution_arn"): "execute-api",
    ("aws_apigatewayv2_api", "execution_arn"): "execute-api",
}
"""The service by resource type and attribute."""
