from etoile.runtime import static_files


class StaticFilesConfig(static_files.StaticFilesConfig):
    """The documentation of this API is a page without script: the framework's viewer is left out."""

    ignore_patterns = [*static_files.StaticFilesConfig.ignore_patterns, "ninja"]
