"""The rule `package-type-conflict`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.knowledge.partial import Known, Unknown
from checker.model import Function, Inventory
from checker.rules.fix import Fix
from checker.rules.rule import PLAN, SOURCE, TEMPLATE, Evidence, Problem, Said, rule
from checker.rules.settings import Settings


@rule(on=Function, aws="refuses the function", works=(SOURCE, PLAN, TEMPLATE))
def package_type_conflict(
    function: Function, inventory: Inventory, _settings: Settings
) -> Iterator[Said]:
    """The function has layers or code that do not go with its package type.

    ## Why

    A container image has no layers: its files are all in the image. Code of a function whose
    `package_type` is `Image` is an image, that of another, `Zip` unless it is said, is an archive:

        InvalidParameterValueException: Please don't provide Handler or Runtime or Layer when the intended function PackageType is Image.
        InvalidParameterValueException: Please provide a source for function code.
        InvalidParameterValueException: Please provide ImageUri when updating a function with packageType Image.

    Terraform plans all of these. Its provider does not send `handler` and `runtime` of an image, so
    they do no harm there; an archive without them is a matter of `configuration-invalid`.
    CloudFormation sends what a template has, which is inference: no answer is recorded of it.

    Source: pulumi-aws issue 5439 and boto3 issue 2705, recorded against AWS; appleboy/lambda-action
    issue 28 for an image without its URI, recorded of an update and not recorded of a new function;
    the provider's source, internal/service/lambda/function.go. Confidence: high, medium for an
    image without its URI.

    <https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html>

    ## Fix

    ```terraform
    resource "aws_lambda_function" "worker" {
      package_type = "Image"
      image_uri    = "${aws_ecr_repository.worker.repository_url}:1"
    }
    ```

    ## Since

    tfcheck 0.2.0.
    """  # noqa: E501 - AWS's texts stay in one line, to be found
    package, image = function.options.package, function.options.image
    if not function.closed or function.id in _refused(inventory):
        return
    if isinstance(package, Unknown):
        if not isinstance(image, Known) or image.value is not None:
            yield package.leaves(f"it is unknown whether `{function.id}` is an image")
        return
    if package.value == "Image":
        yield from _of_image(function)
    elif package.value == "Zip" and isinstance(image, Known) and image.value is not None:
        yield Problem(
            message=f"the code of function `{function.id}` is an image, its package type `Zip`",
            at=image.at,
            fix=Fix('set `package_type = "Image"`'),
            because=(Evidence(f"AWS answers: `{_NO_SOURCE}`", image.at),),
        )


def _of_image(function: Function) -> Iterator[Said]:
    """Yield what does not go with a container image: layers, and other code."""
    layered, image = function.options.layered, function.options.image
    if isinstance(layered, Unknown):
        yield layered.leaves(f"it is unknown whether the image of `{function.id}` has layers")
    elif layered.value:
        yield Problem(
            message=f"function `{function.id}` is a container image and has layers",
            at=layered.at,
            fix=Fix("put what the layers hold into the image"),
            because=(Evidence(f"AWS answers: `{_LAYERS}`", layered.at),),
        )
    run_by = function.options.run_by
    if isinstance(run_by, Unknown):
        yield run_by.leaves(f"it is unknown whether the image of `{function.id}` has a `Runtime`")
    elif run_by.value is not None:
        yield Problem(
            message=f"function `{function.id}` is a container image and has `{run_by.value}`",
            at=run_by.at,
            fix=Fix(f"remove `{run_by.value}`"),
            because=(Evidence(f"AWS answers: `{_LAYERS}`", run_by.at),),
        )
    if isinstance(image, Known) and image.value is None:
        yield Problem(
            message=f"the package type of function `{function.id}` is `Image`, its code is none",
            at=function.options.package.at,
            fix=Fix("set `image_uri`"),
            because=(Evidence(f"AWS answers: `{_NO_IMAGE}`", function.options.package.at),),
        )


_LAYERS = (
    "Please don't provide Handler or Runtime or Layer when the intended function PackageType is"
    " Image."
)
_NO_SOURCE = "Please provide a source for function code."
_NO_IMAGE = "Please provide ImageUri when updating a function with packageType Image."


def _refused(inventory: Inventory) -> frozenset[str]:
    """Return the ids of what Terraform refuses, so that AWS is never asked."""
    work = inventory.decisions.once_of
    return work("refused ids", inventory, lambda: frozenset(r.address for r in inventory.refusals))
