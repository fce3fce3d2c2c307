"""Every file of a backup, by domain and path."""
import os
import sys

from pyiosbackup import Backup

backup, target = sys.argv[1:]
Backup.from_path(backup, os.environ["BACKUP_PASSWORD"]).unback(target)
