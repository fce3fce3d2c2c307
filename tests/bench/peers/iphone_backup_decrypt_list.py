"""Path and size of every entry, from the records of the decrypted manifest."""
import os
import sys

from iphone_backup_decrypt import EncryptedBackup
from iphone_backup_decrypt.utils import FilePlist

opened = EncryptedBackup(backup_directory=sys.argv[1], passphrase=os.environ["BACKUP_PASSWORD"])
with opened.manifest_db_cursor() as cursor:
    cursor.execute("SELECT domain, relativePath, file FROM Files")
    for domain, path, record in cursor:
        print(domain, path, FilePlist(record).filesize, sep="\t")
