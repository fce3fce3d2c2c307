"""Path and size of every entry."""
import os
import sys

from iOSbackup import iOSbackup

root, udid = os.path.split(os.path.abspath(sys.argv[1]))
opened = iOSbackup(udid=udid, cleartextpassword=os.environ["BACKUP_PASSWORD"], backuproot=root)
for entry in opened.getBackupFilesList():
    print(entry["domain"], entry["name"], iOSbackup.getFileInfo(entry["file"])["size"], sep="\t")
