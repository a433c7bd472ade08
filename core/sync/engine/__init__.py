"""The deciding half of exchange: formats, keys, roster, validity. No input or output, no clock; names start with
`untrusted_` until what they hold has been checked."""
