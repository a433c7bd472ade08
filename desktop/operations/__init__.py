"""What a person can do, one function each, under the name of the service it runs."""
