"""Every file of an encrypted backup, by domain and path: the tool has no command for it, so one call for each."""
import os
import sqlite3
import sys

import NSKeyedUnArchiver
from iOSbackup import iOSbackup

backup, target = sys.argv[1:]
root, udid = os.path.split(os.path.abspath(backup))
opened = iOSbackup(udid=udid, cleartextpassword=os.environ["BACKUP_PASSWORD"], backuproot=root)
rows = sqlite3.connect(opened.manifestDB).execute("SELECT fileID, domain, relativePath, file FROM Files WHERE flags = 1")
for file_id, domain, path, record in rows:
    folder, name = os.path.split(os.path.join(target, domain, path))
    os.makedirs(folder, exist_ok=True)
    entry = {
        "fileID": file_id,
        "domain": domain,
        "relativePath": path,
        "manifest": NSKeyedUnArchiver.unserializeNSKeyedArchiver(record),
    }
    opened.getFileDecryptedCopy(manifestEntry=entry, targetFolder=folder, targetName=name)
