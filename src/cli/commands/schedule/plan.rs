//! What each system needs to be told: files and commands, as plain data.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use jiff::civil;

/// A kind of system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum System {
    /// A systemd user timer.
    Systemd,
    /// A launchd agent.
    Launchd,
    /// A task of Windows.
    Windows,
}

/// A time of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeOfDay(civil::Time);

/// What is to be run, and when.
pub struct ScheduledBackup {
    /// This program.
    pub program: PathBuf,
    /// When, each day.
    pub at: TimeOfDay,
    /// Which device.
    pub device: Option<String>,
    /// Where backups go.
    pub to: Option<PathBuf>,
}

/// What is to be written (or removed) and run.
#[derive(Debug, Default)]
pub struct SchedulePlan {
    /// Files with their content; without content where they are to be removed.
    pub files: Vec<(PathBuf, String)>,
    /// Commands to run: after the files are written, or before they are removed.
    pub commands: Vec<Vec<String>>,
    /// Commands to run when the files are gone.
    pub afterwards: Vec<Vec<String>>,
    /// How to find out whether a system without files knows the schedule.
    known_by: Option<Vec<String>>,
}

const UNIT: &str = "corer-backup";
const AGENT: &str = "corer.backup";
const TASK: &str = "corer backup";

impl FromStr for TimeOfDay {
    type Err = String;

    fn from_str(typed: &str) -> Result<Self, String> {
        let time = civil::Time::strptime("%H:%M", typed.trim());
        time.map(Self).map_err(|_| "a time of day is two numbers: 20:30".to_owned())
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0.hour(), self.0.minute())
    }
}

impl ScheduledBackup {
    /// The command line, in words.
    fn words(&self) -> Vec<String> {
        let mut words = vec![self.program.display().to_string(), "backup".to_owned()];
        words.extend(["--if-older-than", "7d", "--no-input", "--progress", "none"].map(str::to_owned));
        if let Some(device) = &self.device {
            words.extend(["--device".to_owned(), device.clone()]);
        }
        if let Some(to) = &self.to {
            words.extend(["--to".to_owned(), to.display().to_string()]);
        }
        words
    }
}

impl SchedulePlan {
    /// Whether the schedule is there.
    pub fn is_installed(&self) -> bool {
        match &self.known_by {
            None => self.files.iter().any(|(path, _)| path.exists()),
            Some(command) => super::run_command(command).is_ok(),
        }
    }
}

impl System {
    /// The system that corer runs on.
    pub fn this() -> Self {
        if cfg!(windows) {
            Self::Windows
        } else if cfg!(target_os = "macos") {
            Self::Launchd
        } else {
            Self::Systemd
        }
    }

    /// How to install the schedule.
    pub fn install(self, home: &Path, job: &ScheduledBackup) -> SchedulePlan {
        match self {
            Self::Systemd => SchedulePlan {
                files: vec![(systemd(home, "service"), service(job)), (systemd(home, "timer"), timer(job.at))],
                commands: vec![
                    words("systemctl --user daemon-reload"),
                    words("systemctl --user enable --now corer-backup.timer"),
                ],
                ..SchedulePlan::default()
            },
            Self::Launchd => SchedulePlan {
                files: vec![(agent(home), launchd(job))],
                commands: vec![launchctl("load", home)],
                ..SchedulePlan::default()
            },
            Self::Windows => {
                let mut command = words("schtasks /Create /F /SC DAILY /ST");
                let line = job.words().iter().map(|word| windows_word(word)).collect::<Vec<_>>().join(" ");
                command.extend([job.at.to_string(), "/TN".to_owned(), TASK.to_owned(), "/TR".to_owned(), line]);
                SchedulePlan { commands: vec![command], ..SchedulePlan::default() }
            }
        }
    }

    /// How to remove it.
    pub fn remove(self, home: &Path) -> SchedulePlan {
        match self {
            Self::Systemd => SchedulePlan {
                files: ["service", "timer"].map(|kind| (systemd(home, kind), String::new())).to_vec(),
                commands: vec![words("systemctl --user disable --now corer-backup.timer")],
                afterwards: vec![words("systemctl --user daemon-reload")],
                known_by: None,
            },
            Self::Launchd => SchedulePlan {
                files: vec![(agent(home), String::new())],
                commands: vec![launchctl("unload", home)],
                ..SchedulePlan::default()
            },
            Self::Windows => {
                let task = |verb: &str| {
                    let mut command = words(verb);
                    command.extend(["/TN".to_owned(), TASK.to_owned()]);
                    command
                };
                SchedulePlan {
                    commands: vec![task("schtasks /Delete /F")],
                    known_by: Some(task("schtasks /Query")),
                    ..SchedulePlan::default()
                }
            }
        }
    }
}

fn words(line: &str) -> Vec<String> {
    line.split(' ').map(str::to_owned).collect()
}

fn systemd(home: &Path, kind: &str) -> PathBuf {
    let config = std::env::var_os("XDG_CONFIG_HOME").filter(|value| !value.is_empty()).map(PathBuf::from);
    config.unwrap_or_else(|| home.join(".config")).join("systemd/user").join(format!("{UNIT}.{kind}"))
}

fn service(job: &ScheduledBackup) -> String {
    let line = job.words().iter().map(|word| systemd_word(word)).collect::<Vec<_>>().join(" ");
    format!(
        "[Unit]\nDescription=Back up the iPhone or iPad if a week has passed\n\n[Service]\nType=oneshot\nExecStart={line}\n"
    )
}

fn timer(at: TimeOfDay) -> String {
    format!(
        "[Unit]\nDescription=Look each day whether a backup of the iPhone or iPad is due\n\n[Timer]\nOnCalendar=*-*-* {at}:00\n\
         Persistent=true\n\n[Install]\nWantedBy=timers.target\n"
    )
}

/// A word of a command line in a unit, where `%` and `$` mean something.
fn systemd_word(word: &str) -> String {
    let word = word.replace('\\', "\\\\").replace('"', "\\\"").replace('%', "%%").replace('$', "$$");
    format!("\"{}\"", word.replace('\n', "\\n"))
}

fn agent(home: &Path) -> PathBuf {
    home.join("Library/LaunchAgents").join(format!("{AGENT}.plist"))
}

fn launchctl(verb: &str, home: &Path) -> Vec<String> {
    vec!["launchctl".to_owned(), verb.to_owned(), "-w".to_owned(), agent(home).display().to_string()]
}

fn launchd(job: &ScheduledBackup) -> String {
    let arguments: String = job.words().iter().map(|word| format!("    <string>{}</string>\n", xml(word))).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n\
         <plist version=\"1.0\">\n<dict>\n  <key>Label</key>\n  <string>{AGENT}</string>\n  <key>ProgramArguments</key>\n\
         \x20 <array>\n{arguments}  </array>\n  <key>StartCalendarInterval</key>\n  <dict>\n    <key>Hour</key>\n\
         \x20   <integer>{}</integer>\n    <key>Minute</key>\n    <integer>{}</integer>\n  </dict>\n</dict>\n</plist>\n",
        job.at.0.hour(),
        job.at.0.minute()
    )
}

fn xml(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A word of a command line of Windows.
fn windows_word(word: &str) -> String {
    let is_plain = !word.is_empty() && !word.contains([' ', '\t', '"']);
    if is_plain { word.to_owned() } else { format!("\"{}\"", word.replace('"', "\\\"")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use corer_schemas::formats::plist::{self, Value};

    fn job() -> ScheduledBackup {
        ScheduledBackup {
            program: "/opt/my tools/corer".into(),
            at: "20:05".parse().unwrap(),
            device: Some("Mira's <iPhone> & 100 %".into()),
            to: Some("/media/disk/a $b".into()),
        }
    }

    #[test]
    fn a_systemd_timer_and_its_service() {
        let plan = System::Systemd.install(Path::new("/home/mira"), &job());
        let [(_, service), (_, timer)] = plan.files.as_slice() else { panic!("{plan:?}") };
        assert!(service.contains(
            "ExecStart=\"/opt/my tools/corer\" \"backup\" \"--if-older-than\" \"7d\" \"--no-input\" \"--progress\" \"none\" \
             \"--device\" \"Mira's <iPhone> & 100 %%\" \"--to\" \"/media/disk/a $$b\"\n"
        ));
        assert!(timer.contains("OnCalendar=*-*-* 20:05:00\n") && timer.contains("Persistent=true"));
    }

    #[test]
    fn a_launchd_agent_is_a_property_list() {
        let plan = System::Launchd.install(Path::new("/Users/mira"), &job());
        let (path, text) = &plan.files[0];
        assert_eq!(path, Path::new("/Users/mira/Library/LaunchAgents/corer.backup.plist"));
        let value = plist::read(text.as_bytes()).unwrap();
        let agent = value.as_dictionary().unwrap();
        let arguments = agent.get("ProgramArguments").and_then(Value::as_array).unwrap();
        assert_eq!(arguments[0].as_str(), Some("/opt/my tools/corer"));
        assert_eq!(arguments[7].as_str(), Some("--device"));
        assert_eq!(arguments[8].as_str(), Some("Mira's <iPhone> & 100 %"));
        let interval = agent.get("StartCalendarInterval").and_then(Value::as_dictionary).unwrap();
        assert_eq!(interval.get("Minute").and_then(Value::as_i64), Some(5));
    }

    #[test]
    fn a_task_of_windows_is_one_command() {
        let plan = System::Windows.install(Path::new("C:\\Users\\mira"), &job());
        let command = plan.commands[0].join("|");
        assert!(command.starts_with(
            "schtasks|/Create|/F|/SC|DAILY|/ST|20:05|/TN|corer backup|/TR|\"/opt/my tools/corer\" backup "
        ));
        assert!(plan.files.is_empty());
    }

    #[test]
    fn times_of_day() {
        assert_eq!("7:05".parse::<TimeOfDay>().map(|time| time.to_string()), Ok("07:05".to_owned()));
        assert!("25:00".parse::<TimeOfDay>().is_err() && "8".parse::<TimeOfDay>().is_err());
    }
}
