"""Places that carry files. They promise nothing but the errors of `SharedFolderError`."""
