"""The names of the parameters of Terraform's functions, by which its errors blame an argument.

As `terraform metadata functions -json` of Terraform 1.11 tells them; `*` follows the last one where
it takes any number.
"""

from __future__ import annotations

from functools import cache


@cache
def _parameters() -> dict[str, list[str]]:
    rows = (line.split() for line in _TABLE.splitlines())
    return {row[0]: row[1:] for row in rows if row}


def parameter_name(function: str, position: int) -> str:
    """Return the name of a function's parameter, from 0; empty for a function that has none."""
    names = _parameters().get(function, [])
    if position < len(names):
        return names[position].removesuffix("*")
    return names[-1].removesuffix("*") if names and names[-1].endswith("*") else ""


_TABLE = """
abs num
abspath path
alltrue list
anytrue list
base64decode str
base64encode str
base64gzip str
base64sha256 str
base64sha512 str
basename path
bcrypt str cost*
can expression
ceil num
chomp str
chunklist list size
cidrhost prefix hostnum
cidrnetmask prefix
cidrsubnet prefix newbits netnum
cidrsubnets prefix newbits*
coalesce vals*
coalescelist vals*
compact list
concat seqs*
contains list value
csvdecode str
dirname path
distinct list
element list index
endswith str suffix
ephemeralasnull value
file path
filebase64 path
filebase64sha256 path
filebase64sha512 path
fileexists path
filemd5 path
fileset path pattern
filesha1 path
filesha256 path
filesha512 path
flatten list
floor num
format format args*
formatdate format time
formatlist format args*
indent spaces str
index list value
issensitive value
join separator lists*
jsondecode str
jsonencode val
keys inputMap
length value
log num base
lookup inputMap key default*
lower str
matchkeys values keys searchset
max numbers*
md5 str
merge maps*
min numbers*
nonsensitive value
one list
parseint number base
pathexpand path
plantimestamp
pow num power
range params*
regex pattern string
regexall pattern string
replace str substr replace
reverse list
rsadecrypt ciphertext privatekey
sensitive value
setintersection first_set other_sets*
setproduct sets*
setsubtract a b
setunion first_set other_sets*
sha1 str
sha256 str
sha512 str
signum num
slice list start_index end_index
sort list
split separator str
startswith str prefix
strcontains str substr
strrev str
substr str offset length
sum list
templatefile path vars
templatestring template vars
textdecodebase64 source encoding
textencodebase64 string encoding
timeadd timestamp duration
timecmp timestamp_a timestamp_b
timestamp
title str
tobool v
tolist v
tomap v
tonumber v
toset v
tostring v
transpose values
trim str cutset
trimprefix str prefix
trimspace str
trimsuffix str suffix
try expressions*
upper str
urlencode str
uuid
uuidv5 namespace name
values mapping
yamldecode src
yamlencode value
zipmap keys values
"""
