"""The rule `function-code-not-readable`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.knowledge.partial import Known, Location, Unknown
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth
from checker.model import Function, Inventory, LayerVersion, region_of
from checker.rules._creation import in_other_region
from checker.rules.fix import Fix
from checker.rules.rule import PLAN, SOURCE, TEMPLATE, Evidence, Problem, Said, rule
from checker.rules.settings import Settings


@rule(on=Function, aws="refuses the function", works=(SOURCE, PLAN, TEMPLATE))
def function_code_not_readable(
    function: Function, _inventory: Inventory, _settings: Settings
) -> Iterator[Said]:
    """A layer or the image of the function is one that Lambda does not read.

    ## Why

    Layers and images lie in the function's own Region, an image in a private repository of ECR,
    and a layer of another account needs a permission for the function's account. Else there is no
    function, so no mapping:

        InvalidParameterValueException: Layers are not in the same region as the function. Layers are expected to be in region us-east-1.
        AccessDeniedException: User: arn:aws:sts::111122223333:assumed-role/deployer/ci is not authorized to perform: lambda:GetLayerVersion on resource: arn:aws:lambda:eu-west-1:444455556666:layer:common:1 because no resource-based policy allows the lambda:GetLayerVersion action
        AccessDeniedException: Lambda does not have permission to access the ECR image. Check the ECR permissions.
        InvalidParameterValueException: Source image public.ecr.aws/lambda/python:3.12 is not valid. Provide a valid source image.

    The texts are recorded, the last for an image of another Region recorded once. A layer of another
    account in another Region is answered with the second. What the input does not make, such as a
    layer that AWS or a vendor publishes, is taken to be open to the function's account, and a layer
    or an image of which the input tells nothing to be in its Region. Of an ARN whose fields are
    written, but whose Region is a variable without a value, it is unknown.

    Source: TotalTechGeek/elysia-lambda issue 2; grafana/loki issue 7218;
    aws-samples/bedrock-access-gateway issue 127; Lambda guide, images-create. Confidence: high,
    medium for an image of another Region.

    <https://docs.aws.amazon.com/lambda/latest/dg/chapter-layers.html>
    <https://docs.aws.amazon.com/lambda/latest/dg/images-create.html>
    <https://github.com/TotalTechGeek/elysia-lambda/issues/2>
    <https://github.com/grafana/loki/issues/7218>
    <https://github.com/aws-samples/bedrock-access-gateway/issues/127>

    ## Fix

    Name a layer or an image of the function's Region, or permit the account to use the layer:

    ```terraform
    resource "aws_lambda_layer_version_permission" "common" {
      layer_name     = aws_lambda_layer_version.common.layer_name
      version_number = aws_lambda_layer_version.common.version
      principal      = "111122223333"
      action         = "lambda:GetLayerVersion"
      statement_id   = "worker"
    }
    ```

    ## Since

    tfcheck 0.1.0.
    """  # noqa: E501 - AWS's text stays in one line, to be found
    if not function.closed:
        return
    for layer in function.options.layers:
        yield from _layer(function, layer)
    image = function.options.image
    if isinstance(image, Known) and image.value is not None:
        yield from _image(function, image.value, image.at)
        owner = function.options.image_closed_to
        if isinstance(owner, Known):
            what = f"is one of account `{owner.value}`, whose repository has no policy"
            says = "Lambda does not have permission to access the ECR image."
            yield _problem(function, f"the image `{image.value}` of", what, says, image.at)


def _layer(function: Function, layer: LayerVersion) -> Iterator[Said]:
    if isinstance(layer.arn, Unknown):
        return  # a layer is one of the function's account and Region unless something says no
    arn, at = layer.arn.value, layer.arn.at
    elsewhere = in_other_region(function, arn, f"the layer `{arn}`", at)
    if isinstance(elsewhere, Unknown):
        yield elsewhere
    elif elsewhere:
        says = "Layers are not in the same region as the function."
        yield _problem(function, f"the layer `{arn}` of", elsewhere, says, at)
    elif isinstance(layer.closed_to, Known):
        what = f"is one of account `{layer.closed_to.value}`, which permits nobody to use it"
        says = "because no resource-based policy allows the lambda:GetLayerVersion action"
        yield _problem(function, f"the layer `{arn}` of", what, says, at)
    elif isinstance(layer.closed_to, Unknown):
        yield layer.closed_to


def _image(function: Function, image: Text, at: Location) -> Iterator[Said]:
    says = f"Source image {image} is not valid. Provide a valid source image."
    here = region_of(function.arn)
    if image.like(_PRIVATE) is Truth.NO:
        what = "is in no private repository of ECR"
        yield _problem(function, f"the image `{image}` of", what, says, at)
    elif here is not None:
        ours = Text.of("*.dkr.ecr*.", here, ".*/*")
        if image.like(ours) is Truth.NO:
            what = f"is not in the function's Region, `{here}`"
            yield _problem(function, f"the image `{image}` of", what, says, at)


_PRIVATE = Text.of("*.dkr*ecr*/*")


def _problem(function: Function, which: str, what: str, says: str, at: Location) -> Problem:
    return Problem(
        message=f"{which} function `{function.id}` {what}",
        at=at,
        fix=Fix("name one of the function's Region that its account is allowed to read"),
        because=(Evidence(f"AWS answers: `{says}`", at),),
    )
