"""Render the catalog as a static site.

No page loads external resources, and every page is readable without scripts. The template
environment is that of the HTML report.
"""

from linkcheck.report.site.build import site_files
from linkcheck.report.site.data import SiteData, SiteEntry, SiteLink

__all__ = ["SiteData", "SiteEntry", "SiteLink", "site_files"]
