"""The catalog as a browsable static site: entries, facts and history in, files out.

No page loads anything from elsewhere, and every page can be read without scripts. Outside text goes
through the same template environment as the HTML report's.
"""

from linkcheck.report.site.build import site_files
from linkcheck.report.site.data import SiteData, SiteEntry, SiteLink

__all__ = ["SiteData", "SiteEntry", "SiteLink", "site_files"]
