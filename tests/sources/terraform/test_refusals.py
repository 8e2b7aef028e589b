"""What Terraform refuses is told in its words; what it takes is never called invalid."""

from __future__ import annotations

import json
import os
import subprocess

import pytest
from scenarios import scenario

from checker.sources.terraform.given import Given
from checker.sources.terraform.load import load
from examples import some

PLUGINS = os.environ.get("TFCHECK_TERRAFORM_PLUGINS", "")
HEAD = """
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}
provider "aws" {
  region = "eu-west-1"
}
variable "unset" {}
variable "flag" { type = bool }
variable "names" { type = set(string) }
data "aws_caller_identity" "me" {}
resource "aws_sqs_queue" "q" { name = "orders" }
resource "aws_sqs_queue" "none" {
  count = 0
  name  = "none"
}
resource "aws_sqs_queue" "two" {
  count = 2
  name  = "two-${count.index}"
}
resource "aws_sqs_queue" "maybe" {
  count = var.flag ? 1 : 0
  name  = "maybe"
}
resource "aws_sqs_queue" "some" {
  for_each = var.names
  name     = each.key
}
resource "aws_iam_role" "r" {
  name               = "worker"
  assume_role_policy = "{}"
}
module "m" {
  source = "./m"
}
resource "aws_lambda_event_source_mapping" "m" {
  event_source_arn = aws_sqs_queue.q.arn
  function_name    = aws_lambda_function.f.arn
}
locals {
  object = { a = 1, b = { c = "x" } }
  list   = ["a", "b"]
  null   = null
}
"""
FUNCTION = """
resource "aws_lambda_function" "f" {
  function_name = "worker"
  handler       = "worker.handle"
  runtime       = "python3.12"
  filename      = "worker.zip"
  role          = %s
}
"""
ROLE = '"arn:aws:iam::111122223333:role/worker"'
MAPPING = """
resource "aws_lambda_event_source_mapping" "other" {
%s
}
"""
SOURCE = "  event_source_arn = aws_sqs_queue.q.arn"
NAME = "  function_name = aws_lambda_function.f.arn"
OVERRIDE = 'resource "aws_iam_role" "overridden" {\n  name = "b"\n}\n'
CYCLE = "locals {\n  x = local.y\n  y = local.x\n}\n"


CALLED = """
variable "n" {
  type = number
  validation {
    condition     = var.n < 10
    error_message = "The number must be below ten."
  }
}
output "n" {
  value = var.n
}
"""


def with_role(value):
    return FUNCTION.replace("%s", value)


def with_timeout(value):
    return FUNCTION.replace("  role ", f"  timeout = {value}\n  role ").replace("%s", ROLE)


def mapping(*lines):
    return with_role(ROLE) + MAPPING % "\n".join(lines)


def function(body):
    return with_role(ROLE).rstrip()[:-1] + f"{body}\n}}\n"


def variable(body):
    return with_timeout("var.v == null ? 3 : 4") + f'variable "v" {{\n{body}\n}}\n'


def called(body):
    return with_timeout("module.n.n") + f'module "n" {{\n  source = "./n"\n{body}\n}}\n'


def queue(body):
    return with_role(ROLE) + f'resource "aws_sqs_queue" "other" {{\n{body}\n}}\n'


def role(body):
    text = f'resource "aws_iam_role" "other" {{\n  assume_role_policy = "{{}}"\n{body}\n}}\n'
    return with_role(ROLE) + text


def lifecycle(body):
    return queue(f'  name = "a"\n  lifecycle {{\n{body}\n  }}')


def condition(kind, tested):
    return lifecycle(
        f'    {kind} {{\n      condition     = {tested}\n      error_message = "no"\n    }}'
    )


def provisioner(body):
    return queue(f'  name = "a"\n  provisioner "local-exec" {{\n{body}\n  }}')


def waiting(for_):
    return queue(f'  name       = "a"\n  depends_on = {for_}')


def tagged(value):
    return queue(f'  name = "a"\n  tags = {{ a = {value} }}')


def dynamic(body):
    return function(f'  dynamic "environment" {{\n{body}\n  }}')


TWO_QUEUES = with_role(ROLE) + (
    'resource "aws_sqs_queue" "one" {\n'
    "  redrive_policy = jsonencode({ deadLetterTargetArn = aws_sqs_queue.dead.arn })\n}\n"
    'resource "aws_sqs_queue" "dead" {\n'
)
IMAGE = with_role(ROLE)
IMAGE = IMAGE[: IMAGE.index("  handler")] + (
    f'  image_uri     = "worker:1"\n  package_type  = "Image"\n  role          = {ROLE}\n}}\n'
)


def attached(arn):
    text = (
        'resource "aws_iam_role_policy_attachment" "a" {\n'
        f"  role = aws_iam_role.r.name\n  policy_arn = {arn}\n}}\n"
    )
    return with_role("aws_iam_role.r.arn") + text


REFUSED = {
    "an undeclared variable": (with_timeout("var.nope"), "Reference to undeclared input variable"),
    "an undeclared local": (with_timeout("local.nope"), "Reference to undeclared local value"),
    "an undeclared local in try": (
        with_timeout("try(local.nope, 3)"),
        "Reference to undeclared local value",
    ),
    "an undeclared resource": (with_role("aws_iam_role.x.arn"), "Reference to undeclared resource"),
    "an undeclared data source": (
        with_role("data.aws_iam_role.x.arn"),
        "Reference to undeclared resource",
    ),
    "an undeclared module": (with_role("module.x.arn"), "Reference to undeclared module"),
    "an output that is not there": (with_timeout("module.m.nope"), "Unsupported attribute"),
    "list()": (with_timeout("list(3)[0]"), "Error in function call"),
    "map()": (with_timeout('map("a", 3)["a"]'), "Error in function call"),
    "no such function": (with_timeout("maximum(3)"), "Call to unknown function"),
    "an index beyond a list": (with_role("local.list[2]"), "Invalid index"),
    "an index of nothing": (with_timeout("tolist([])[0]"), "Invalid index"),
    "an instance that there is not": (with_role("aws_sqs_queue.none[0].arn"), "Invalid index"),
    "a third of two instances": (with_role("aws_sqs_queue.two[2].arn"), "Invalid index"),
    "an instance without its index": (
        with_role("aws_sqs_queue.two.arn"),
        "Missing resource instance key",
    ),
    "one of no instances without its index": (
        with_role("aws_sqs_queue.none.arn"),
        "Missing resource instance key",
    ),
    "one of perhaps an instance without its index": (
        with_role("aws_sqs_queue.maybe.arn"),
        "Because `aws_sqs_queue.maybe` has `count` set",
    ),
    "one of some instances without its key": (
        with_role("aws_sqs_queue.some.arn"),
        "Because `aws_sqs_queue.some` has `for_each` set",
    ),
    "an attribute of a list's elements": (with_role("local.list.arn"), "Unsupported attribute"),
    "a key that there is not": (with_timeout('local.object["z"]'), "Invalid index"),
    "an attribute that there is not": (with_timeout("local.object.z"), "Unsupported attribute"),
    "an element of a map": (with_timeout("tomap({ a = 1 }).b"), "Missing map element"),
    "each without for_each": (
        with_timeout("each.value"),
        'Reference to "each" in context without for_each',
    ),
    "count without count": (
        with_timeout("count.index"),
        'Reference to "count" in non-counted context',
    ),
    "a whole resource as a text": (with_role("aws_iam_role.r"), "Incorrect attribute value type"),
    "a list as a text": (with_role("local.list"), "Incorrect attribute value type"),
    "a value as a provider": (
        with_role(ROLE).replace("{", "{\n  provider = data.aws_caller_identity.me.account_id", 1),
        "Invalid provider configuration reference",
    ),
    "a value as the provider of a module": (
        with_role(ROLE)
        + 'module "n" {\n  source = "./m"\n  providers = { aws = local.object.b.c }\n}\n',
        "Invalid provider configuration reference",
    ),
    "an argument that a module does not take": (
        with_role(ROLE) + 'module "n" {\n  source  = "./m"\n  seconds = 3\n}\n',
        "Unsupported argument: An argument named `seconds` is not expected here",
    ),
    "counted instances as one": (
        with_role("aws_sqs_queue.two.arn"),
        "Missing resource instance key: Because `aws_sqs_queue.two` has `count` set",
    ),
    "keyed instances as one": (
        with_role("aws_sqs_queue.by.arn")
        + 'resource "aws_sqs_queue" "by" {\n  for_each = toset(["a"])\n  name = each.key\n}\n',
        "Missing resource instance key: Because `aws_sqs_queue.by` has `for_each` set",
    ),
    "one as counted instances": (
        with_role("aws_sqs_queue.q[0].arn"),
        "Unexpected resource instance key: Because `aws_sqs_queue.q` does not have",
    ),
    "an attribute of a list": (with_role("local.list.arn"), "Unsupported attribute"),
    "a word as a number": (
        with_timeout('"ten"'),
        "Incorrect attribute value type: Inappropriate value for attribute `timeout`: a number is",
    ),
    "a list as a number": (with_timeout("local.list"), "Incorrect attribute value type"),
    "a word as a bool": (
        queue('  name = "a"\n  fifo_queue = "yes"'),
        "Incorrect attribute value type: Inappropriate value for attribute `fifo_queue`: a bool is",
    ),
    "null as a condition": (with_timeout("local.null ? 3 : 4"), "Null condition"),
    "null as an operand": (with_timeout("!local.null ? 3 : 4"), "Operation failed"),
    "null on the left": (
        with_timeout("local.null || true ? 3 : 4"),
        "argument must not be null",
    ),
    "a cycle of locals": (with_timeout("local.x") + CYCLE, "Cycle"),
    "a name as a role": (with_role('"fake_role"'), '"role" (fake_role) is an invalid ARN'),
    "half an ARN": (with_role('"arn:aws:iam"'), "arn: not enough sections"),
    "a placeholder": (
        with_role('"arn:aws:iam::ACCOUNT_ID:role/worker"'),
        "invalid account ID value (expecting to match regular expression:",
    ),
    "an account of 3 digits": (with_role('"arn:aws:iam::123:role/x"'), "invalid account ID value"),
    "a Region that is none": (
        with_role('"arn:aws:iam:*:111122223333:role/x"'),
        "invalid region value",
    ),
    "no resource": (with_role('"arn:aws:iam::111122223333:"'), "missing resource value"),
    "a partition that is none": (
        with_role('"arn:AWS:iam::111122223333:role/x"'),
        "invalid partition value",
    ),
    "no partition": (with_role('"arn::iam::111122223333:role/x"'), "missing partition value"),
    "a timeout of 1000": (
        with_timeout("1000"),
        "expected timeout to be in the range (1 - 900), got 1000",
    ),
    "a timeout of 0": (with_timeout('"0"'), "expected timeout to be in the range (1 - 900), got 0"),
    "a name with a space": (
        with_role(ROLE).replace('"worker"', '"a b"'),
        "invalid value for function_name (must be valid function name or function ARN)",
    ),
    "a policy's name": (
        attached('"ReadQueue"'),
        '"policy_arn" (ReadQueue) is an invalid ARN: arn: invalid prefix',
    ),
    "a boundary's name": (
        role('  name = "a"\n  permissions_boundary = "edge"'),
        '"permissions_boundary" (edge) is an invalid ARN',
    ),
    "a role's name with a space": (
        role('  name = "a b"'),
        r"invalid value for name (must match [\w+=,.@-])",
    ),
    "a role's long name": (
        role(f'  name = "{"a" * 65}"'),
        "expected length of name to be in the range (1 - 64), got aaaa",
    ),
    "a visibility timeout of a day": (
        queue("  visibility_timeout_seconds = 86400"),
        "expected visibility_timeout_seconds to be in the range (0 - 43200), got 86400",
    ),
    "a retention of a second": (
        queue("  message_retention_seconds = 1"),
        "expected message_retention_seconds to be in the range (60 - 1209600), got 1",
    ),
    "no function of a mapping": (
        mapping(SOURCE),
        "Missing required argument: The argument `function_name` is required, but no definition",
    ),
    "a function of a mapping that is null": (
        mapping(SOURCE, "  function_name = null"),
        "Missing required argument: The argument `function_name` is required, but no definition",
    ),
    "no source of a mapping": (
        mapping(NAME),
        ("Invalid combination of arguments: `event_source_arn`: one of"
        " `event_source_arn,self_managed_event_source` must be specified"),
    ),
    "a source of a mapping that is null": (
        mapping(NAME, "  event_source_arn = local.null"),
        "Invalid combination of arguments",
    ),
    "no such argument of a mapping": (
        mapping(SOURCE, NAME, "  batchsize = 3"),
        ("Unsupported argument: An argument named `batchsize` is not expected here."
        " Did you mean `batch_size`?"),
    ),
    "no such block of a mapping": (
        mapping(SOURCE, NAME, "  filter_criterias {\n  }"),
        ("Unsupported block type: Blocks of type `filter_criterias` are not expected here."
        " Did you mean `filter_criteria`?"),
    ),
    "an argument as a block": (
        mapping(SOURCE, NAME, '  tags {\n    a = "b"\n  }'),
        ("Unsupported block type: Blocks of type `tags` are not expected here."
        " Did you mean to define argument `tags`?"),
    ),
    "a block as an argument": (
        mapping(SOURCE, NAME, "  scaling_config = { maximum_concurrency = 3 }"),
        ("Unsupported argument: An argument named `scaling_config` is not expected here."
        " Did you mean to define a block of type `scaling_config`?"),
    ),
    "no such argument of a nested block": (
        mapping(SOURCE, NAME, "  scaling_config {\n    maximum_concurency = 3\n  }"),
        "Unsupported argument: An argument named `maximum_concurency` is not expected here.",
    ),
    "no such argument of a dynamic block": (
        mapping(
            SOURCE,
            NAME,
            '  dynamic "scaling_config" {\n    for_each = [1]\n'
            "    content {\n      maximum_concurency = 3\n    }\n  }",
        ),
        "Unsupported argument: An argument named `maximum_concurency` is not expected here.",
    ),
    "no such block that is dynamic": (
        mapping(SOURCE, NAME, '  dynamic "scaling" {\n    for_each = []\n    content {}\n  }'),
        "Unsupported block type: Blocks of type `scaling` are not expected here",
    ),
    "two of one block": (
        mapping(SOURCE, NAME, *["  scaling_config {\n    maximum_concurrency = 3\n  }"] * 2),
        "Too many scaling_config blocks: No more than 1 `scaling_config` blocks are allowed",
    ),
    "what only AWS decides": (
        mapping(SOURCE, NAME, '  state = "Enabled"'),
        "Value for unconfigurable attribute: Can't configure a value for `state`: its value will",
    ),
    "a response type that is none": (
        mapping(SOURCE, NAME, '  function_response_types = ["Report"]'),
        'expected function_response_types to be one of ["ReportBatchItemFailures"], got Report',
    ),
    "no target of dead letters": (
        function("  dead_letter_config {\n  }"),
        "Missing required argument: The argument `target_arn` is required, but no definition",
    ),
    "a target of dead letters that is no ARN": (
        function('  dead_letter_config {\n    target_arn = "x"\n  }'),
        '"dead_letter_config.0.target_arn" (x) is an invalid ARN: arn: invalid prefix',
    ),
    "a memory of 64": (
        function("  memory_size = 64"),
        "expected memory_size to be in the range (128 - 10240), got 64",
    ),
    "a storage of 100": (
        function("  ephemeral_storage {\n    size = 100\n  }"),
        "expected ephemeral_storage.0.size to be in the range (512 - 10240), got 100",
    ),
    "a package type that is none": (
        function('  package_type = "zip"'),
        'expected package_type to be one of ["Zip" "Image"], got zip',
    ),
    "two architectures": (
        function('  architectures = ["arm64", "x86_64"]'),
        "Too many list items: Attribute `architectures` supports 1 item maximum, but config has 2",
    ),
    "six layers": (
        function('  layers = [for n in range(6) : "arn:aws:lambda:eu-west-1:1:layer:l:${n}"]'),
        "Too many list items: Attribute `layers` supports 5 item maximum, but config has 6",
    ),
    "a policy's name with a space": (
        function("")
        + 'resource "aws_iam_policy" "p" {\n  name   = "a b"\n  policy = "{}"\n}\n',
        r"invalid value for name (must match [\w+=,.@-])",
    ),
    "an architecture that is none": (
        function('  architectures = ["arm"]'),
        'expected architectures to be one of ["x86_64" "arm64"], got arm',
    ),
    "a tracing mode that is none": (
        function('  tracing_config {\n    mode = "On"\n  }'),
        'expected mode to be one of ["Active" "PassThrough"], got On',
    ),
    "no trust policy": (
        with_role(ROLE) + 'resource "aws_iam_role" "other" {\n  name = "other"\n}\n',
        "Missing required argument: The argument `assume_role_policy` is required",
    ),
    "a message of ten bytes at most": (
        queue('  name = "a"\n  max_message_size = 10'),
        "expected max_message_size to be in the range (1024 - 262144), got 10",
    ),
    "a scope that is none": (
        queue('  name = "a"\n  deduplication_scope = "x"'),
        'expected deduplication_scope to be one of ["messageGroup" "queue"], got x',
    ),
    "a name and a prefix of a queue": (
        queue('  name = "a"\n  name_prefix = "b"'),
        "Conflicting configuration arguments: `name_prefix`: conflicts with name",
    ),
    "a name and a prefix of a role": (
        role('  name = "a"\n  name_prefix = "b"'),
        "Conflicting configuration arguments: `name_prefix`: conflicts with name",
    ),
    "a text as an operand": (
        with_timeout('10 + "a"'),
        "Invalid operand: Unsuitable value for right operand: a number is required",
    ),
    "a text on the left": (
        with_timeout('"a" < 3 ? 3 : 4'),
        "Invalid operand: Unsuitable value for left operand: a number is required",
    ),
    "a text behind a sign": (
        with_timeout('-"a"'),
        "Invalid operand: Unsuitable value for unary operand: a number is required",
    ),
    "nothing as an operand of arithmetic": (
        with_timeout("local.null + 3"),
        "Operation failed: Error during operation: argument must not be null",
    ),
    "tonumber of a text": (
        with_timeout('tonumber("x")'),
        "Invalid function argument: Invalid value for `v` parameter: cannot convert `x` to number",
    ),
    "tobool of an object": (
        with_timeout("tobool(local.object) ? 3 : 4"),
        "Invalid function argument: Invalid value for `v` parameter: cannot convert object to bool",
    ),
    "an element of nothing": (
        with_timeout("element([], 0)"),
        ("Error in function call: Call to function `element` failed: cannot use element function"
        " with an empty list"),
    ),
    "a key that lookup does not find": (
        with_timeout('lookup(local.object, "z")'),
        "Invalid function argument: Invalid value for `inputMap` parameter: the given object has",
    ),
    "the length of a number": (
        with_timeout("length(3)"),
        "Error in function call: Call to function `length` failed: argument must be a string",
    ),
    "the length of nothing": (
        with_timeout("length(local.null)"),
        "Invalid function argument: Invalid value for `value` parameter: argument must not be null",
    ),
    "a text instead of a list": (
        with_timeout('length(join(",", "a"))'),
        "Invalid function argument: Invalid value for `lists` parameter: list of string required",
    ),
    "a list instead of a text": (
        with_timeout("length(upper(local.list))"),
        "Invalid function argument: Invalid value for `str` parameter: string required",
    ),
    "an argument too many": (
        with_timeout('length(upper("a", "b"))'),
        "Too many function arguments: Function `upper` expects only 1 argument(s)",
    ),
    "an argument too few": (
        with_timeout("ceil()"),
        "Not enough function arguments: Function `ceil` expects 1 argument(s). Missing value for",
    ),
    "all of it is null": (
        with_timeout("coalesce(local.null, local.null)"),
        "Error in function call: Call to function `coalesce` failed: no non-null",
    ),
    "an expression that does not match": (
        with_timeout('length(regex("a", "b"))'),
        "Error in function call: Call to function `regex` failed: pattern did not match any part",
    ),
    "a default of another type": (
        variable('  type    = number\n  default = "ten"'),
        ("Invalid default value for variable: This default value is not compatible with the"
        " variable's type constraint: a number is required"),
    ),
    "an object as the default of a bool": (
        variable("  type    = bool\n  default = { a = 1 }"),
        ("Invalid default value for variable: This default value is not compatible with the"
        " variable's type constraint: bool required"),
    ),
    "a default without an attribute": (
        variable("  type    = object({ a = number })\n  default = {}"),
        "variable's type constraint: attribute `a` is required",
    ),
    "a default with a wrong element": (
        variable('  type    = list(number)\n  default = ["a"]'),
        "variable's type constraint: [0]: a number is required",
    ),
    "a value of a module of another type": (
        called('  n = "ten"'),
        "Invalid value for input variable: The given value is not suitable for module.n.var.n",
    ),
    "no value of a module": (
        called(""),
        "Missing required argument: The argument `n` is required, but no definition was found",
    ),
    "a value of a module that its validation refuses": (
        called("  n = 30"),
        "Invalid value for variable: The number must be below ten",
    ),
    "a word without quotes": (
        with_role('"arn:aws:iam::111122223333:role/${environment}"'),
        ("Invalid reference: A reference to a resource type must be followed by at least one"
        " attribute access, specifying the resource name"),
    ),
    "a word without quotes in try": (with_timeout("try(environment, 3)"), "Invalid reference"),
    "a word without quotes that nothing asks for": (
        function("  description = worker"),
        "Invalid reference",
    ),
    "a word without quotes as a key": (
        with_timeout("length({ (environment) = 1 })"),
        "Invalid reference",
    ),
    "all variables": (
        with_timeout("length(var)"),
        "Invalid reference: The `var` object cannot be accessed directly. Instead, access one of",
    ),
    "all local values": (with_timeout("length(keys(local))"), "The `local` object cannot be"),
    "all modules": (with_timeout("length(module)"), "The `module` object cannot be accessed"),
    "all data sources": (
        with_timeout("length(data.aws_caller_identity)"),
        ("Invalid reference: The `data` object must be followed by two attribute names: the data"
        " source type and the resource name"),
    ),
    "an undeclared variable that nothing asks for": (
        function("  environment {\n    variables = { A = var.nope }\n  }"),
        "Reference to undeclared input variable",
    ),
    "an undeclared resource in a dynamic block that nothing asks for": (
        function(
            '  dynamic "environment" {\n    for_each = [1]\n'
            "    content {\n      variables = { A = aws_sqs_queue.nope.url }\n    }\n  }"
        ),
        "Reference to undeclared resource",
    ),
    "an undeclared local value in another": (
        with_timeout("local.seconds") + "locals {\n  seconds = 3\n  other = local.nope\n}\n",
        "Reference to undeclared local value",
    ),
    "a type that is none": (
        variable("  type    = int\n  default = 3"),
        "Invalid type specification: The keyword `int` is not a valid type specification",
    ),
    "an element type that is none": (
        variable("  type    = list(integer)\n  default = []"),
        "Invalid type specification: The keyword `integer` is not a valid type specification",
    ),
    "a type constructor that is none": (
        variable("  type    = array(string)\n  default = []"),
        "Invalid type specification: Keyword `array` is not a valid type constructor",
    ),
    "a set of what": (
        variable("  type    = set\n  default = []"),
        ("Invalid type specification: The set type constructor requires one argument specifying"
        " the element type"),
    ),
    "an object as a text": (
        called("  n = local.object"),
        "Invalid value for input variable: The given value is not suitable for module.n.var.n",
    ),
    "queues that name each other": (
        TWO_QUEUES + "  redrive_allow_policy = jsonencode({ a = [aws_sqs_queue.one.arn] })\n}\n",
        "Cycle",
    ),
    "queues of which one waits for the other": (
        TWO_QUEUES + "  depends_on = [aws_sqs_queue.one]\n}\n",
        "Cycle",
    ),
    "a queue that names itself": (
        queue('  name   = "a"\n  policy = jsonencode({ a = aws_sqs_queue.other.arn })'),
        "Self-referential block: Configuration for `aws_sqs_queue.other` refers to itself",
    ),
    "a function without code": (
        with_role(ROLE).replace('  filename      = "worker.zip"\n', ""),
        ("Invalid combination of arguments: `filename`: one of `filename,image_uri,s3_bucket` must"
        " be specified"),
    ),
    "a function whose code is null": (
        with_role(ROLE).replace('"worker.zip"', "local.null"),
        "Invalid combination of arguments: `filename`: one of",
    ),
    "a function with two codes": (
        function('  s3_bucket = "a"\n  s3_key    = "b"'),
        ("`filename`: only one of `filename,image_uri,s3_bucket` can be specified, but"
        " `filename,s3_bucket` were specified"),
    ),
    "a function without handler": (
        with_role(ROLE).replace('  handler       = "worker.handle"\n', ""),
        "handler and runtime must be set when PackageType is Zip",
    ),
    "a function without runtime": (
        with_role(ROLE).replace('"python3.12"', "local.null"),
        "handler and runtime must be set when PackageType is Zip",
    ),
    "an image of no package type": (
        IMAGE.replace('  package_type  = "Image"\n', ""),
        "handler and runtime must be set when PackageType is Zip",
    ),
    "an empty handler": (
        with_role(ROLE).replace('"worker.handle"', '""'),
        "expected length of handler to be in the range (1 - 128), got",
    ),
    "a queue with a key that says no to the other": (
        queue('  kms_master_key_id       = "alias/a"\n  sqs_managed_sse_enabled = false'),
        "Conflicting configuration arguments: `kms_master_key_id`: conflicts with sqs_managed_sse",
    ),
    "a third of a second": (
        with_timeout("10 / 3"),
        "Attribute must be a whole number, got 3.3333333333333335",
    ),
    "half a second": (
        queue('  visibility_timeout_seconds = "2.5"'),
        "Attribute must be a whole number, got 2.5",
    ),
    "labels of a dynamic block": (
        dynamic("    for_each = []\n    labels   = []\n    content {}"),
        "Unsupported argument: An argument named `labels` is not expected here",
    ),
    "a dynamic block of what": (
        dynamic("    for_each = []"),
        "Missing dynamic content block: A dynamic block must have a nested block of type `content`",
    ),
    "a dynamic block for what": (
        dynamic("    content {}"),
        "Missing required argument: The argument `for_each` is required, but no definition was",
    ),
    "a dynamic block of two": (
        dynamic("    for_each = []\n    content {}\n    content {}"),
        "Extraneous dynamic content block: Only one nested content block is allowed for each",
    ),
    "a trust policy that only an override file lacks not": (
        with_role("aws_iam_role.overridden.arn")
        + 'resource "aws_iam_role" "overridden" {\n  name = "a"\n}\n',
        "Missing required argument: The argument `assume_role_policy` is required, but no",
    ),
    "an undeclared variable in a precondition": (
        condition("precondition", "var.nope"),
        "Reference to undeclared input variable",
    ),
    "an undeclared resource in a postcondition": (
        condition("postcondition", 'aws_sqs_queue.nope.arn != ""'),
        "Reference to undeclared resource",
    ),
    "an undeclared variable in a provisioner": (
        provisioner("    command = var.nope"),
        "Reference to undeclared input variable",
    ),
    "what a precondition says without a message": (
        lifecycle("    precondition {\n      condition = var.flag\n    }"),
        "Missing required argument: The argument `error_message` is required",
    ),
    "itself in a precondition": (
        condition("precondition", 'aws_sqs_queue.other.arn != ""'),
        "Invalid reference in precondition: Configuration for `aws_sqs_queue.other`",
    ),
    "self in a precondition": (
        condition("precondition", 'self.arn != ""'),
        'Invalid "self" reference: The `self` object is not available in this context',
    ),
    "self in an argument": (
        tagged("self.arn"),
        'Invalid "self" reference: The `self` object is not available in this context',
    ),
    "an attribute that path has not": (
        tagged("path.foo"),
        'Invalid "path" attribute: The `path` object does not have an attribute named `foo`',
    ),
    "all of path": (
        tagged("path"),
        "Invalid reference: The `path` object cannot be accessed directly. Instead, access one of",
    ),
    "an attribute that terraform has not": (
        tagged("terraform.foo"),
        'Invalid "terraform" attribute: The `terraform` object does not have an attribute named',
    ),
    "an attribute that each has not": (
        queue('  for_each = toset(["a"])\n  name = each.foo'),
        'Invalid "each" attribute: The `each` object does not have an attribute named `foo`',
    ),
    "an attribute that count has not": (
        queue('  count = 1\n  name = "a${count.foo}"'),
        'Invalid "count" attribute: The `count` object does not have an attribute named `foo`',
    ),
    "an undeclared resource to wait for": (
        waiting("[aws_sqs_queue.nope]"),
        "Reference to undeclared resource: A managed resource `aws_sqs_queue` `nope` has not been",
    ),
    "an undeclared data source to wait for": (
        waiting("[data.aws_iam_role.nope]"),
        "Reference to undeclared resource: A data resource `aws_iam_role` `nope` has not been",
    ),
    "an undeclared module to wait for": (
        waiting("[module.nope]"),
        "Reference to undeclared module",
    ),
    "an attribute to wait for": (
        waiting("[aws_sqs_queue.q.arn]"),
        "Invalid depends_on reference: References in `depends_on` must be to a whole object",
    ),
    "a thing to wait for that is no list": (
        waiting("aws_sqs_queue.q"),
        "Invalid expression: A static list expression is required",
    ),
    "a list to wait for that is worked out": (
        waiting("concat([aws_sqs_queue.q], [])"),
        "Invalid expression: A static list expression is required",
    ),
    "changes to ignore of what there is not": (
        lifecycle("    ignore_changes = [nope]"),
        ("Unsupported attribute: This object has no argument, nested block, or exported attribute"
        " named `nope`"),
    ),
    "no such argument of lifecycle": (
        lifecycle("    prevent_destory = true"),
        "Unsupported argument: An argument named `prevent_destory` is not expected here",
    ),
    "no such block of lifecycle": (
        lifecycle("    condition {}"),
        "Unsupported block type: Blocks of type `condition` are not expected here",
    ),
    "a provider of no such alias": (
        queue('  name = "a"\n  provider = aws.west'),
        "Provider configuration not present: To work with `aws_sqs_queue.other` its original",
    ),
    "count and for_each": (
        queue('  name = "a"\n  count = 1\n  for_each = {}'),
        'Invalid combination of "count" and "for_each"',
    ),
    "null as for_each": (
        queue('  name = "a"\n  for_each = local.null'),
        ("Invalid for_each argument: The given `for_each` argument value is unsuitable: the given"
        " `for_each` argument value is null"),
    ),
    "a list as for_each": (
        queue("  for_each = local.list\n  name = each.value"),
        "the `for_each` argument must be a map, or set of strings, and you have provided a",
    ),
    "secrets as for_each": (
        queue('  for_each = toset([sensitive("a")])\n  name = "a"'),
        "values derived from sensitive values, cannot be used as for_each arguments",
    ),
    "fewer than none": (
        queue('  count = -1\n  name = "a"'),
        ("Invalid count argument: The given `count` argument value is unsuitable: must be greater"
        " than or equal to zero"),
    ),
    "one and a half": (
        queue('  count = 1.5\n  name = "a"'),
        ("Invalid count argument: The given `count` argument value is unsuitable: must be a whole"
        " number"),
    ),
    "true as count": (
        queue('  count = true\n  name = "a"'),
        "Incorrect value type: Invalid expression value: number required",
    ),
    "a set of numbers as for_each": (
        queue('  for_each = toset([1, 2])\n  name = "a"'),
        "maps and sets of strings, but you have provided a set containing type number",
    ),
    "a set with null as for_each": (
        queue('  for_each = toset(["a", null])\n  name = "a"'),
        "`for_each` sets must not contain null",
    ),
    "no such argument of a variable": (
        variable("  type    = number\n  default = 3\n  defualt = 3"),
        "Unsupported argument: An argument named `defualt` is not expected here",
    ),
}  # fmt: skip
AT_PLAN = (
    "an instance that there is not",
    "a third of two instances",
    "each without for_each",
    "a whole resource as a text",
    "a queue that names itself",
    "a function without handler",
    "a function without runtime",
    "an image of no package type",
)
"""What `terraform validate` takes, since it counts no instances, or says in other words."""
NOT_SAID = (
    "two encryptions, of which a rule speaks",
    "no instances",
    "a resource's attribute by its name",
)
"""What `terraform validate` refuses and tfcheck passes over.

It counts no instances, and what stands in brackets after a resource is a key of one; of a value
that holds the resource it is an attribute.
"""
PLANNED = {
    "a FIFO queue without its suffix": 'name = "orders"\n  fifo_queue = true',
    "a suffix without a FIFO queue": 'name = "orders.fifo"',
    "a queue's name with a dot": 'name = "a.b"',
    "a queue's long name": f'name = "{"a" * 81}"',
    "a FIFO queue's wrong end": (
        'name = "${data.aws_caller_identity.me.account_id}-orders"\n fifo_queue = true'
    ),
}
TAKEN = {
    "self in a postcondition": condition("postcondition", 'self.arn != ""'),
    "self in a provisioner": provisioner("    command = self.arn"),
    "itself in a provisioner": provisioner("    command = aws_sqs_queue.other.arn"),
    "words of a provisioner": provisioner(
        "    when       = destroy\n    on_failure = continue\n    command    = self.arn"
    ),
    "triggers of a replacement": lifecycle(
        "    replace_triggered_by = [aws_sqs_queue.q.arn, aws_sqs_queue.two[0]]"
    ),
    "whatever can be waited for": waiting(
        '[aws_sqs_queue.q, "aws_iam_role.r", aws_sqs_queue.two[0], var.flag, local.list, module.m,'
        " data.aws_caller_identity.me, module.m.seconds]"
    ),
    "all changes to ignore": lifecycle("    ignore_changes = all"),
    "changes to ignore in quotes": lifecycle('    ignore_changes = ["tags", url]'),
    "parts of changes to ignore": function(
        "  lifecycle {\n    ignore_changes = [environment[0].variables, source_code_hash,"
        ' tags["a"]]\n  }'
    ),
    "whatever path and terraform have": tagged(
        'join("", [path.module, path.root, path.cwd, terraform.workspace])'
    ),
    "a word that a for names": with_timeout("length([for worker in [1] : worker])"),
    "a resource type that a for names": with_timeout(
        "length([for aws_sqs_queue in [local.object] : aws_sqs_queue.a])"
    ),
    "a word as a key": with_timeout("length({ environment = 1 })"),
    "words of lifecycle": queue(
        '  name = "a"\n  lifecycle {\n    ignore_changes = [tags, delay_seconds]\n  }'
    ),
    "an iterator": role(
        '  name = "a"\n  dynamic "inline_policy" {\n    for_each = ["a"]\n    iterator = it\n'
        '    content {\n      name   = it.value\n      policy = "{}"\n    }\n  }'
    ),
    "a loop in a template": function(
        '  description = "%{ for a, b in local.object }${a}%{ endfor }"'
    ),
    "a list of what": variable("  type    = list\n  default = []"),
    "an optional attribute": variable(
        '  type    = object({ a = optional(string, "b") })\n  default = {}'
    ),
    "queues of which one names the other": TWO_QUEUES + "}\n",
    "a queue that waits for itself": queue('  name = "a"\n  depends_on = [aws_sqs_queue.other]'),
    "the whole name of a resource": with_timeout("length(resource.aws_sqs_queue.q.name)"),
    "what the whole name of a resource waits for": queue(
        '  name = "a"\n  depends_on = [resource.aws_sqs_queue.q]'
    ),
    "an image": IMAGE,
    "an image with a handler": IMAGE.replace("{\n", '{\n  handler = "a.b"\n', 1),
    "an image that is empty": IMAGE.replace('"worker:1"', '""'),
    "code in a bucket": with_role(ROLE).replace(
        "filename ", 's3_key = "a"\n  s3_bucket '
    ),
    "code that is null beside other code": function("  s3_bucket = local.null"),
    "a package type that is open": with_role(ROLE).replace(
        "handler ", "package_type  = var.unset\n  memory_size "
    ).replace('"worker.handle"', "128"),
    "two encryptions, of which a rule speaks": queue(
        '  name = "a"\n  kms_master_key_id = "alias/a"\n  sqs_managed_sse_enabled = true'
    ),
    "a key that is null": queue(
        '  name = "a"\n  kms_master_key_id = local.null\n  sqs_managed_sse_enabled = true'
    ),
    "a key beside null": queue(
        '  name = "a"\n  kms_master_key_id = "alias/a"\n  sqs_managed_sse_enabled = local.null'
    ),
    "a whole number with a point": with_timeout("3.0"),
    "what an override file lacks": with_role("aws_iam_role.overridden.arn")
    + 'resource "aws_iam_role" "overridden" {\n  assume_role_policy = "{}"\n}\n',
    "a mapping with all its blocks": mapping(
        SOURCE,
        NAME,
        "  scaling_config {\n    maximum_concurrency = 3\n  }",
        '  dynamic "filter_criteria" {\n    for_each = []\n    content {}\n  }',
        '  metrics_config {\n    metrics = ["EventCount"]\n  }',
        "  lifecycle {\n    prevent_destroy = true\n  }",
        "  depends_on = [aws_sqs_queue.q]",
        "  tags = {}",
    ),
    "no such argument of a dynamic block that has none": mapping(
        SOURCE,
        NAME,
        '  dynamic "scaling_config" {\n    for_each = []\n'
        "    content {\n      maximum_concurency = 3\n    }\n  }",
    ),
    "a prefix that is null": queue('  name = "a"\n  name_prefix = local.null'),
    "a role with blocks": role('  inline_policy {}\n  name_prefix = "a"'),
    "timeouts": queue('  name = "a"\n  timeouts {\n    create = "3m"\n  }'),
    "a provisioner": queue(
        '  name = "a"\n  provisioner "local-exec" {\n    command = "true"\n  }'
    ),
    "a number in a text": with_timeout('"10" + 2'),
    "an element beyond the list": with_timeout("length(element(local.list, 5))"),
    "a value that a validation takes": called("  n = 3"),
    "a default in a text": variable('  type    = number\n  default = "10"'),
    "a default that is null": variable("  type    = bool\n  default = null"),
    "a mistake in try": with_timeout('try(10 + "a", tonumber("x"), element([], 0), 3)'),
    "a mistake in a branch that is not taken": with_timeout('true ? 3 : tonumber("x")'),
    "no such function in try": with_timeout("try(maximum(3), 3)"),
    "a role by reference": with_role("aws_iam_role.r.arn"),
    "an account that is not given": with_role('"arn:aws:iam:::role/worker"'),
    "another partition": with_role('"arn:aws-cn:iam::111122223333:role/worker"'),
    "an unknown role": with_role("var.unset"),
    "an unknown account": with_role(
        '"arn:aws:iam::${data.aws_caller_identity.me.account_id}:role/worker"'
    ),
    "a known output": with_timeout("module.m.seconds"),
    "try of an index beyond a list": with_timeout("try(local.list[5], 3)"),
    "can of an index beyond a list": with_timeout("can(local.list[5]) ? 4 : 3"),
    "a branch that is not taken": with_timeout("length(local.list) > 5 ? local.list[5] : 3"),
    "a branch that may not be taken": with_timeout("var.flag ? 3 : try(local.list[5], 3)"),
    "an instance that may not be": with_role('try(aws_sqs_queue.maybe[0].arn, "")'),
    "the instances with a splat": with_role("aws_iam_role.r.arn")
    + "locals {\n  x = [aws_sqs_queue.two[*].arn, aws_sqs_queue.maybe.*.arn]\n}\n",
    "an instance with an index of old": with_role("aws_iam_role.r.arn")
    + "locals {\n  x = aws_sqs_queue.two.0.arn\n}\n",
    "no instances": with_role("aws_iam_role.r.arn")
    + 'resource "aws_sqs_queue" "x" {\n  count = 0\n  name = local.list[5]\n}\n',
    "the first of two": with_role("aws_iam_role.r.arn")
    + "locals {\n  x = aws_sqs_queue.two[1].arn\n}\n",
    "a file that is built later": with_timeout('try(length(file("nope")), 3)'),
    "a block's attribute of the provider": with_role("aws_iam_role.r.arn")
    + "locals {\n  x = aws_lambda_function.f.tracing_config[0].mode\n}\n",
    "all of a module's arguments": with_role("aws_iam_role.r.arn")
    + 'module "n" {\n  source = "./m"\n  providers = { aws = aws }\n'
    + "  depends_on = [aws_sqs_queue.q]\n  count = 2\n}\n",
    "a resource's attribute by its name": with_role('aws_iam_role.r["arn"]'),
    "the number of a list's element": with_timeout("length(local.list.0)"),
    "a number as a text": with_timeout('"10"'),
    "try of instances as one": with_timeout("try(aws_sqs_queue.q.visibility_timeout_seconds, 3)"),
    "an empty boundary": role('  name = "a"\n  permissions_boundary = ""'),
    "a function by number and name": with_role(ROLE).replace(
        '"worker"', '"111122223333:function:x"'
    ),
    "a FIFO queue": queue('name = "a.fifo"\n fifo_queue = true'),
    "a FIFO queue of a prefix": queue('name_prefix = "a"\n fifo_queue = true'),
    "the longest name": queue(f'name = "{"a" * 80}"'),
    "an open name": queue('name = "${var.unset}"\n fifo_queue = true'),
    "an open choice": queue('name = var.flag ? "a.fifo" : "a"\n fifo_queue = var.flag'),
}  # fmt: skip


def written(folder, text):
    (folder / "main.tf").write_text(HEAD + text)
    (folder / "override.tf").write_text(OVERRIDE if '"overridden"' in text else "")
    (folder / "m").mkdir()
    (folder / "m" / "m.tf").write_text('output "seconds" {\n  value = 3\n}\n')
    (folder / "n").mkdir()
    (folder / "n" / "n.tf").write_text(CALLED)
    return folder


def found(folder):
    return [str(each) for each in load(folder, folder).refusals if not each.unsure]


@pytest.mark.parametrize("name", REFUSED)
def test_what_terraform_refuses_is_reported_in_its_words(name, tmp_path):
    text, said = REFUSED[name]
    known = found(written(tmp_path, text))
    assert len(known) == 1, known
    assert said in known[0]


@pytest.mark.parametrize("name", PLANNED)
def test_what_the_provider_refuses_at_plan_is_reported_in_its_words(name, tmp_path):
    (known,) = found(written(tmp_path, queue(PLANNED[name])))
    assert known.startswith("invalid queue name: ")


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", TAKEN)
def test_what_terraform_takes_is_never_called_invalid(name, tmp_path):
    assert found(written(tmp_path, TAKEN[name])) == []


def test_a_right_operand_that_terraform_1_12_does_not_ask_is_no_refusal(tmp_path):
    text = with_timeout("length(local.list) > 5 && local.list[5] == 3 ? 4 : 3")
    assert found(written(tmp_path, text)) == []


def test_a_function_of_a_newer_terraform_or_of_opentofu_is_unknown(tmp_path):
    text = with_timeout('cidrcontains("10.0.0.0/8", "10.0.0.1") ? 3 : 4')
    assert found(written(tmp_path, text)) == []


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        (with_role("var.secret"), "hunter2"),
        (with_timeout("var.secret"), "4242"),
        (queue("  name = var.secret"), "a.secret.name"),
        (role("  name = var.secret"), "s" * 70),
    ],
)
def test_a_value_that_is_not_to_be_shown_is_reported_and_not_quoted(tmp_path, text, secret):
    variable = f'variable "secret" {{\n  default = "{secret}"\n  sensitive = true\n}}\n'
    (known,) = load(written(tmp_path, text + variable), tmp_path).refusals
    assert secret not in str(known)


def test_a_variable_of_a_module_that_has_no_value_is_refused(tmp_path):
    written(tmp_path, called(""))
    (known,) = load(tmp_path, tmp_path).refusals
    assert str(known).startswith("Missing required argument: The argument `n` is required")
    call = (tmp_path / "main.tf").read_text().splitlines().index('module "n" {') + 1
    assert (known.at.source, known.at.line) == ("main.tf", call)


VALIDATED = """
variable "v" {
  default = 30
  validation {
    condition     = var.v < 10
    error_message = "The number must be below ten."
  }
}
"""


def test_a_value_that_is_given_and_that_a_validation_refuses_is_reported(tmp_path):
    written(tmp_path, with_timeout("var.v") + VALIDATED)
    given = Given(variables=["v=20"])
    (known,) = load(tmp_path, tmp_path, given).refusals
    assert str(known).startswith("Invalid value for variable: The number must be below ten: the")
    assert load(tmp_path, tmp_path, Given(variables=["v=3"])).refusals == ()


def test_a_default_that_its_own_validation_refuses_waits_for_a_value(tmp_path):
    assert found(written(tmp_path, with_timeout("var.v") + VALIDATED)) == []


def test_so_does_a_default_that_is_handed_on(tmp_path):
    text = called("  n = var.v") + 'variable "v" {\n  default = 30\n}\n'
    assert found(written(tmp_path, text)) == []


def test_a_secret_that_a_validation_refuses_is_not_quoted(tmp_path):
    text = VALIDATED.replace("default = 30", "sensitive = true").replace("ten.", "${var.v}.")
    written(tmp_path, with_timeout("var.v") + text)
    for known in load(tmp_path, tmp_path, Given(variables=["v=424242"])).refusals:
        assert "424242" not in str(known)


def test_a_cycle_is_a_finding_and_everything_else_is_read(tmp_path):
    text = with_timeout("local.x") + CYCLE
    inventory = load(written(tmp_path, text), tmp_path)
    assert len(inventory.mappings) == 1
    assert [each.summary for each in inventory.refusals] == ["Cycle"]


@pytest.mark.parametrize("cycle", ["x = local.x", "x = local.y\n  y = upper(local.x)"])
def test_a_cycle_that_nothing_asks_for_is_found_beside_what_is_asked_for(cycle, tmp_path):
    text = with_timeout("local.seconds") + f"locals {{\n  seconds = 3\n  {cycle}\n}}\n"
    (known,) = load(written(tmp_path, text), tmp_path).refusals
    assert known.summary == "Cycle"
    assert known.why.startswith("`local.x` refers to itself: `local.x` → ")


def test_locals_that_share_others_are_no_cycle(tmp_path):
    plain = "a = [local.b, local.c]\n  b = local.d\n  c = local.d\n  d = 3\n  e = local.e2"
    more = "e2 = { local = local.a }\n  f = [for local in [] : local.f]"
    text = with_timeout("local.d") + f"locals {{\n  {plain}\n  {more}\n}}\n"
    assert found(written(tmp_path, text)) == []


def test_what_may_not_be_there_is_not_sure_to_be_refused(tmp_path):
    text = with_role(ROLE) + (
        'resource "aws_sqs_queue" "x" {\n  count = var.flag ? 1 : 0\n  name = local.list[5]\n}\n'
    )
    (known,) = load(written(tmp_path, text), tmp_path).refusals
    assert known.unsure


def test_an_instance_that_is_asked_for_where_it_may_not_be_is_not_sure_to_be_refused(tmp_path):
    text = with_timeout("var.flag ? length(aws_sqs_queue.x[0].name) : 3") + (
        'resource "aws_sqs_queue" "x" {\n  count = var.flag ? 1 : 0\n  name = local.list[5]\n}\n'
    )
    assert all(each.unsure for each in load(written(tmp_path, text), tmp_path).refusals)


def test_a_plan_was_accepted_so_that_nothing_is_refused():
    folder = scenario("conditional-creation")
    plan = folder / "recorded" / "plan.tfplan"
    assert load(folder, folder, Given(plan=plan)).refusals == ()


def unquoted(text):
    """Return a text without quotes: Terraform sets them about some names and not about others."""
    return text.replace('"', "").replace("`", "")


PARTS = 8
"""In so many parts Terraform is asked, so that all processors are."""


@pytest.mark.terraform
@pytest.mark.skipif(not PLUGINS, reason="TFCHECK_TERRAFORM_PLUGINS names no folder of providers")
@pytest.mark.parametrize("part", range(PARTS))
def test_the_real_terraform_says_the_same(tmp_path, part):
    written(tmp_path, "")

    def terraform(*words):
        run = subprocess.run(
            ["terraform", *words], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        return run.stdout

    terraform("init", f"-plugin-dir={PLUGINS}")

    def answer(text):
        (tmp_path / "main.tf").write_text(HEAD + text)
        if "\nmodule" in text:
            terraform("get")
        known = json.loads(terraform("validate", "-json"))["diagnostics"]
        errors = [each for each in known if each["severity"] == "error"]
        words = [f"{each['summary']}: {each.get('detail', '')}" for each in errors]
        return unquoted(" ".join(" ".join(words).split()))

    for name in some([name for name in REFUSED if name not in AT_PLAN][part::PARTS], 3):
        text, said = REFUSED[name]
        assert unquoted(said) in answer(text), name
    for name in some([name for name in TAKEN if name not in NOT_SAID][part::PARTS], 1):
        assert answer(TAKEN[name]) == "", name


def test_an_output_may_say_its_type(tmp_path):
    """Terraform 1.15 takes `type` there; one that is none it refuses itself."""
    text = with_timeout("3") + 'output "x" {\n  type  = string\n  value = aws_sqs_queue.q.arn\n}\n'
    assert found(written(tmp_path, text)) == []


def test_an_override_in_json_may_write_a_block_as_an_argument(tmp_path):
    place = written(tmp_path, with_timeout("3"))
    block = {"environment": {"variables": {"A": "b"}}}
    override = {"resource": {"aws_lambda_function": {"f": block}}}
    (place / "o_override.tf.json").write_text(json.dumps(override))
    assert found(place) == []


def test_a_reference_by_the_whole_name_is_checked_too(tmp_path):
    (said,) = found(written(tmp_path, with_timeout("resource.aws_sqs_queue.absent.delay_seconds")))
    assert "A managed resource `aws_sqs_queue` `absent` has not been declared" in said


@pytest.mark.parametrize("name", ["resource", "resource.aws_sqs_queue"])
def test_a_whole_name_that_ends_before_it_names_a_thing_is_refused(tmp_path, name):
    (said,) = found(written(tmp_path, with_timeout(name)))
    assert "Invalid reference: " in said
