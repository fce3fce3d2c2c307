"""Every file of an encrypted backup, by domain and path."""
import os
import sys

from iphone_backup_decrypt import EncryptedBackup

backup, target = sys.argv[1:]
opened = EncryptedBackup(backup_directory=backup, passphrase=os.environ["BACKUP_PASSWORD"])
opened.extract_files(
    relative_paths_like="%",
    domain_like="%",
    output_folder=target,
    preserve_folders=True,
    domain_subfolders=True,
)
