"""Path and size of every entry."""
import os
import sys

from pyiosbackup import Backup

for entry in Backup.from_path(sys.argv[1], os.environ["BACKUP_PASSWORD"]).iter_entries():
    print(entry.domain, entry.relative_path, entry.size, sep="\t")
