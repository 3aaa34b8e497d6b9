//! What clauses of other standards are about, in a few words of our own: the texts of ISO/IEC 27001 belong to ISO, and
//! are not repeated here.

use super::Standard;

impl Standard {
    /// What a clause is about; `None`: it is not known here, as ids may be anything that a catalog has.
    pub fn about(self, clause: &str) -> Option<String> {
        let listed =
            |list: &[(&str, &str)]| list.iter().find(|(id, _)| *id == clause).map(|(_, name)| (*name).to_owned());
        match self {
            Self::Iso27001V2022 => listed(&ISO_2022),
            Self::Iso27001V2017 => listed(&ISO_2017),
            Self::Samm2 => of_samm(clause),
        }
    }
}

/// An activity of SAMM by its id, like `D-TA-B-2`: the function and the practice, the stream, and the level.
fn of_samm(id: &str) -> Option<String> {
    let mut parts = id.splitn(4, '-');
    let (function, practice, stream, level) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let (_, name) = SAMM.iter().find(|(of, _)| *of == (function, practice))?;
    let streams = match stream {
        "A" | "B" => format!("stream {stream}"),
        "AB" => "both streams".to_owned(),
        _ => return None,
    };
    ["1", "2", "3"].contains(&level).then(|| format!("{name}, {streams}, level {level}"))
}

/// The practices of SAMM 2 by the letters of their function and their own.
const SAMM: [((&str, &str), &str); 15] = [
    (("G", "SM"), "Strategy and metrics"),
    (("G", "PC"), "Policy and compliance"),
    (("G", "EG"), "Education and guidance"),
    (("D", "TA"), "Threat assessment"),
    (("D", "SR"), "Security requirements"),
    (("D", "SA"), "Security architecture"),
    (("I", "SB"), "Secure build"),
    (("I", "SD"), "Secure deployment"),
    (("I", "DM"), "Defect management"),
    (("V", "AA"), "Architecture assessment"),
    (("V", "RT"), "Requirements-driven testing"),
    (("V", "ST"), "Security testing"),
    (("O", "IM"), "Incident management"),
    (("O", "EM"), "Environment management"),
    (("O", "OM"), "Operational management"),
];

/// The controls of ISO/IEC 27001:2022, annex A, that the bundled catalog refers to.
const ISO_2022: [(&str, &str); 42] = [
    ("5.1", "Security rules that are written, approved and known"),
    ("5.2", "Who answers for what in security"),
    ("5.3", "Duties that must not be in one hand"),
    ("5.4", "Managers who ask for security"),
    ("5.6", "Exchange with other experts"),
    ("5.8", "Security as a part of projects"),
    ("5.9", "Knowing what there is, and whose it is"),
    ("5.10", "How information and devices may be used"),
    ("5.12", "How sensitive information is"),
    ("5.13", "Marking information by how sensitive it is"),
    ("5.17", "Handling of passwords and other secrets"),
    ("5.24", "Being prepared for incidents"),
    ("5.25", "Judging what is an incident"),
    ("5.26", "Reacting to incidents"),
    ("5.27", "Drawing lessons from incidents"),
    ("5.29", "Staying secure while things are disrupted"),
    ("5.31", "Meeting laws and contracts"),
    ("5.37", "Written instructions for operation"),
    ("6.1", "Checking people before they are hired"),
    ("6.3", "Making people aware, and training them"),
    ("6.8", "Reporting of what looks wrong"),
    ("7.14", "Wiping devices before they leave"),
    ("8.3", "Access to information only where it is needed"),
    ("8.4", "Who may read and change source code"),
    ("8.6", "Enough capacity for what is needed"),
    ("8.7", "Protection from malware"),
    ("8.8", "Finding and mending known weaknesses"),
    ("8.13", "Backups that can be restored"),
    ("8.14", "Spare systems for when others fail"),
    ("8.15", "Recording what happens"),
    ("8.19", "What may be installed in production"),
    ("8.20", "Networks that are protected and managed"),
    ("8.22", "Networks that are kept apart"),
    ("8.24", "Proper use of encryption and keys"),
    ("8.25", "Security in all steps of development"),
    ("8.27", "Systems designed to be secure"),
    ("8.28", "Code written with security in mind"),
    ("8.29", "Security tests in development and before release"),
    ("8.31", "Development, test and production kept apart"),
    ("8.32", "Changes under control"),
    ("8.33", "Test data that are chosen and protected"),
    ("8.34", "Audits that do no harm to production"),
];

/// The controls of ISO/IEC 27001:2017, annex A, that the bundled catalog refers to, and groups of them.
const ISO_2017: [(&str, &str); 52] = [
    ("5.1.1", "Security rules that are written and approved"),
    ("6.1.1", "Who answers for what in security"),
    ("6.1.2", "Duties that must not be in one hand"),
    ("6.1.4", "Exchange with other experts"),
    ("6.1.5", "Security as a part of projects"),
    ("7.1.1", "Checking people before they are hired"),
    ("7.2.1", "Managers who ask for security"),
    ("7.2.2", "Making people aware, and training them"),
    ("8.1", "Answering for what there is"),
    ("8.1.2", "Who owns what there is"),
    ("8.2", "Treating information by how sensitive it is"),
    ("8.2.1", "How sensitive information is"),
    ("8.2.2", "Marking information by how sensitive it is"),
    ("8.2.3", "Handling things by how sensitive they are"),
    ("9.2.4", "Handing out passwords and other secrets"),
    ("9.4.1", "Access to information only where it is needed"),
    ("9.4.3", "Systems that see to good passwords"),
    ("9.4.5", "Who may read and change source code"),
    ("10.1", "Proper use of encryption"),
    ("10.1.2", "Keys from their making to their end"),
    ("11.2.7", "Wiping devices before they leave"),
    ("12.1.1", "Written instructions for operation"),
    ("12.1.2", "Changes under control"),
    ("12.1.3", "Enough capacity for what is needed"),
    ("12.1.4", "Development, test and production kept apart"),
    ("12.2.1", "Protection from malware"),
    ("12.3", "Backups that can be restored"),
    ("12.4.1", "Recording what happens"),
    ("12.5.1", "What may be installed in production"),
    ("12.6.1", "Finding and mending known weaknesses"),
    ("12.7.1", "Audits that do no harm to production"),
    ("13.1.1", "Networks that are protected and managed"),
    ("13.1.3", "Networks that are kept apart"),
    ("14.1.3", "Protection of transactions"),
    ("14.2.1", "Rules for secure development"),
    ("14.2.2", "Changes of software under control"),
    ("14.2.3", "Looking again after the platform changed"),
    ("14.2.5", "Systems designed to be secure"),
    ("14.2.6", "A safe place to develop in"),
    ("14.2.8", "Security tests in development"),
    ("14.2.9", "Tests before something is accepted"),
    ("14.3.1", "Test data that are chosen and protected"),
    ("16.1", "Dealing with incidents"),
    ("16.1.2", "Reporting of incidents"),
    ("16.1.3", "Reporting of weaknesses"),
    ("16.1.4", "Judging what is an incident"),
    ("16.1.5", "Reacting to incidents"),
    ("16.1.6", "Drawing lessons from incidents"),
    ("17.1.1", "Planning for disruptions"),
    ("17.1.3", "Trying out the plans for disruptions"),
    ("17.2.1", "Spare systems for when others fail"),
    ("18.1.1", "Knowing the laws and contracts that hold"),
];
