//! The kinds of data that people ask for: what each is called, and where a backup has it.
//!
//! Every kind has one [`Kind`], which stands with its reader. The command, the folder of an export, what `info` says to be
//! here, and what damage means to a person all go by it.

/// A file of a backup, by its domain and its path.
pub type DomainPath = (&'static str, &'static str);

/// A kind of data.
#[derive(Debug, PartialEq, Eq)]
pub struct Kind {
    /// The word of its command, of its folder in an export of everything, and of reports.
    pub name: &'static str,
    /// What people call it, as a heading.
    pub title: &'static str,
    /// What sentences call several of it.
    pub plural: &'static str,
    /// One record and several, as they are counted.
    pub nouns: (&'static str, &'static str),
    /// What of it a backup may have, each by itself.
    pub contents: &'static [Content],
    /// Where its files lie; the first that fits a file counts.
    pub areas: &'static [Area],
}

/// What a backup may have of a kind, by itself.
#[derive(Debug, PartialEq, Eq)]
pub struct Content {
    /// What people call it.
    pub title: &'static str,
    /// When it is in a backup at all.
    pub kept: Kept,
    /// The file that holds it, in every version of iOS, the newest first.
    pub places: &'static [DomainPath],
}

/// When a device saves something in a backup at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// In every backup.
    Always,
    /// In encrypted backups only, from this version of iOS on; before it in every backup.
    EncryptedFrom(u32),
}

/// Files of which damage means the same to a person.
#[derive(Debug, PartialEq, Eq)]
pub struct Area {
    /// Their domain; one that ends with `-` is the beginning of many.
    pub domain: &'static str,
    /// What lies below it if it ends with `/` or is empty, else a file and what a database keeps beside it.
    pub path: &'static str,
    /// What one of them is, and several.
    pub words: (&'static str, &'static str),
    /// Of files each of which belongs to a record: the endings of those that apps make of others, which no record names.
    /// `None` where files need belong to none.
    pub made_of_others: Option<&'static [&'static str]>,
}

impl Kind {
    /// The path of its database, which a single file stands for.
    pub fn database(&self) -> Option<&'static str> {
        Some(self.contents.first()?.places.first()?.1)
    }
}

impl Area {
    /// Files that are called the same, however many they are.
    pub(crate) const fn one(domain: &'static str, path: &'static str, words: &'static str) -> Self {
        Self::many(domain, path, words, words)
    }

    /// Files that are counted.
    pub(crate) const fn many(domain: &'static str, path: &'static str, one: &'static str, many: &'static str) -> Self {
        Self { domain, path, words: (one, many), made_of_others: None }
    }

    /// Files each of which belongs to a record, but for those with one of these endings, which are made of others.
    pub(crate) const fn of_records(self, made_of_others: &'static [&'static str]) -> Self {
        Self { made_of_others: Some(made_of_others), ..self }
    }

    /// Whether a file of it ought to belong to a record.
    pub fn is_of_a_record(&self, path: &str) -> bool {
        let is_made = |ending: &&str| path.to_ascii_lowercase().ends_with(ending);
        self.made_of_others.is_some_and(|made| !made.iter().any(is_made))
    }

    /// Whether a file is one of them.
    pub fn holds(&self, domain: &str, path: &str) -> bool {
        let is_domain =
            if self.domain.ends_with('-') { domain.starts_with(self.domain) } else { domain == self.domain };
        let rest = path.strip_prefix(self.path).filter(|_| is_domain);
        let is_folder = self.path.is_empty() || self.path.ends_with('/');
        rest.is_some_and(|rest| is_folder || matches!(rest, "" | "-wal" | "-shm" | "-journal"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_app_makes_of_files_belongs_to_no_record() {
        let own = Area::one("MediaDomain", "Media/", "x").of_records(&[".thumb"]);
        assert!(own.is_of_a_record("Media/a.jpg") && !own.is_of_a_record("Media/a.THUMB"));
        assert!(!Area::one("MediaDomain", "Media/", "x").is_of_a_record("Media/a.jpg"));
    }

    #[test]
    fn an_area_is_a_folder_or_a_file_with_what_a_database_keeps_beside_it() {
        let file = Area::one("HomeDomain", "Library/SMS/sms.db", "x");
        let holds = |path: &str| file.holds("HomeDomain", path);
        assert!(holds("Library/SMS/sms.db") && holds("Library/SMS/sms.db-wal"));
        assert!(!holds("Library/SMS/sms.db.old") && !holds("Library/SMS/sms.db/x"));
        assert!(!file.holds("HomeDomain2", "Library/SMS/sms.db"));
        let apps = Area::one("AppDomain-", "", "x");
        assert!(apps.holds("AppDomain-org.example", "any/file") && !apps.holds("AppDomainGroup-x", "any"));
    }
}
