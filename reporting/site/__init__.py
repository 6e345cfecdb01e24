"""The report site: static pages of a published warehouse, readable from a folder and without a network."""

from reporting.site.build import NotASite, SiteSummary, build_site

__all__ = ["NotASite", "SiteSummary", "build_site"]
