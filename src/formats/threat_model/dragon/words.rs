//! The words of Threat Dragon, which it keeps in the language of whoever entered a threat.

use crate::domain::threat_model::category::{Category, Linddun, Stride};
use crate::domain::threat_model::words::{Severity, ThreatStatus};

/// What a word for a category is.
pub(super) enum Kind {
    /// One of STRIDE or LINDDUN.
    Known(Category),
    /// One of another method.
    OfAnother,
    /// None that belongs to the method.
    Unknown,
}

/// The kinds of STRIDE. English words that stand beside others are found without an entry of their own.
const STRIDE: &[(Stride, &[&str])] = &[
    (
        Stride::Spoofing,
        &["spoofing", "usurpation d'identité", "स्पूफिंग", "なりすまし", "penipuan", "falsificação", "欺骗"],
    ),
    (
        Stride::Tampering,
        &["tampering", "manipulation", "falsification", "छेड़छाड़", "改竄", "penyelewengan", "adulteração", "篡改"],
    ),
    (
        Stride::Repudiation,
        &["repudiation", "nichtanerkennung", "répudiation", "अस्वीकृति", "否認", "penafian", "repúdio", "否认"],
    ),
    (
        Stride::InformationDisclosure,
        &[
            "information disclosure",
            "veröffentlichung von informationen",
            "divulgation d'information",
            "सूचना प्रकटीकरण",
            "情報漏洩",
            "pendedahan maklumat",
            "divulgação de informações",
            "信息泄露",
        ],
    ),
    (
        Stride::DenialOfService,
        &[
            "denial of service",
            "déni de service",
            "सेवा से इनकार",
            "サービス拒否",
            "penafian perkhidmatan",
            "negação de serviço",
            "拒绝服务",
        ],
    ),
    (
        Stride::ElevationOfPrivilege,
        &[
            "elevation of privilege",
            "elevation of privileges",
            "elevation of priviledge",
            "erhöhung von rechten",
            "élévation de privilège",
            "विशेषाधिकार का उन्नयन",
            "特権の昇格",
            "kenaikan hak",
            "elevação de privilégio",
            "权限提升",
        ],
    ),
];

/// The kinds of LINDDUN, likewise.
const LINDDUN: &[(Linddun, &[&str])] = &[
    (
        Linddun::Linking,
        &[
            "linkability",
            "linking",
            "συνδεσιμότητα",
            "capacité de liaison",
            "लिंक करने की क्षमता",
            "pautan",
            "ligabilidade",
            "associabilidade",
            "可链接性",
        ],
    ),
    (
        Linddun::Identifying,
        &[
            "identifiability",
            "identifying",
            "αναγνωρισιμότητα",
            "identifiabilité",
            "पहचान",
            "pengenalpastian",
            "identificabilidade",
            "可识别性",
        ],
    ),
    (
        Linddun::NonRepudiation,
        &[
            "non-repudiation",
            "μη αποποίηση",
            "non-répudiation",
            "अप्रतिबंध",
            "tidak boleh menafikan",
            "não-repúdio",
            "não repúdio",
            "不可否认性",
        ],
    ),
    (
        Linddun::Detecting,
        &[
            "detectability",
            "detecting",
            "ανιχνευσιμότητα",
            "détectabilité",
            "डिटेक्टेबिलिटी",
            "ketahuan",
            "detectabilidade",
            "detetabilidade",
            "可检测性",
        ],
    ),
    (
        Linddun::DataDisclosure,
        &[
            "disclosure of information",
            "data disclosure",
            "information disclosure",
            "divulgation d'information",
            "सूचना का प्रकटीकरण",
            "pendedahan maklumat",
            "divulgação de informações",
            "信息泄露",
        ],
    ),
    (
        Linddun::Unawareness,
        &["unawareness", "inconscience", "अनभिज्ञता", "tanpa sedar", "desconhecido", "desconhecimento", "不知情"],
    ),
    (
        Linddun::NonCompliance,
        &[
            "non-compliance",
            "non-conformité",
            "गैर-अनुपालन",
            "pelanggaran",
            "tidak mematuhi",
            "não conformidade",
            "不合规",
        ],
    ),
];

/// What stands in a text until somebody writes one, as [`plain`] makes it: of mitigations first, then of descriptions.
const PLACEHOLDERS: &[&str] = &[
    "provide remediation for this threat or a reason if status is n/a",
    "provide mitigation or prevention for this threat",
    "اكتب طرق مواجهة وتخفيف هذا التهديد أو السبب إذا كانت الحالة n/a",
    "geben sie eine korrekturmaßnahme für diese bedrohung oder eine begründung n/a an",
    "παρέχετε μετριασμό ή πρόληψη για αυτή την απειλή",
    "introduzca la mitigación o prevención para esta amenaza",
    "anna uhkalle hallintakeino tai perustele miksi ei ole sovellettavissa (n/a)",
    "fournir des mesures de mitigation ou de prévention pour cette menace",
    "इस खतरे के लिए शमन या रोकथाम प्रदान करें",
    "berikan remediasi untuk ancaman ini atau alasan jika status adalah n/a",
    "脅威の解決策を指定するか、ステータスがn/aの場合に理由を指定してください",
    "berikan pemulihan untuk ancaman ini atau sebab jika status adalah t/a",
    "forneça uma mitigação para esta ameaça ou a ração para o status n/a",
    "forneça uma mitigação para a ameaça ou uma razão se o estado for n/a",
    "为这种威胁提供缓解或预防措施",
    "provide a description for this threat",
    "اكتب وصفًا لهذا التهديد",
    "geben sie eine beschreibung dieser bedrohung an",
    "παρέχετε μια περιγραφή για αυτή την απειλή",
    "introduzca una descripción para esta amenaza",
    "anna kuvaus tälle uhkalle",
    "fournissez une description de cette menace",
    "इस खतरे के लिए एक विवरण प्रदान करें",
    "berikan deskripsi untuk ancaman ini",
    "脅威の詳細を追記してください",
    "berikan penerangan bagi ancaman ini",
    "forneça uma descrição para esta ameaça",
    "forneça uma descrição para a ameaça",
    "为这种威胁提供一个描述",
];

/// The category that a word is in a method. LINDDUN and PLOT4ai share words, so that the method counts; STRIDE shares
/// words only with LINDDUN.
pub(super) fn category(word: &str, method: &str) -> Kind {
    let method = method.trim().to_ascii_uppercase();
    let stride = || find(STRIDE, word).map(Category::Stride);
    let linddun = || find(LINDDUN, word).map(Category::Linddun);
    let known = match method.as_str() {
        "LINDDUN" => linddun().or_else(stride),
        "" | "GENERIC" | "STRIDE" => stride().or_else(linddun),
        _ => stride(),
    };
    match known {
        Some(category) => Kind::Known(category),
        None if matches!(method.as_str(), "STRIDE" | "LINDDUN") => Kind::Unknown,
        None => Kind::OfAnother,
    }
}

/// What Threat Dragon calls a kind of LINDDUN in English.
pub(super) fn linddun(kind: Linddun) -> &'static str {
    match kind {
        Linddun::Linking => "Linkability",
        Linddun::Identifying => "Identifiability",
        Linddun::NonRepudiation => "Non-repudiation",
        Linddun::Detecting => "Detectability",
        Linddun::DataDisclosure => "Disclosure of information",
        Linddun::Unawareness => "Unawareness",
        Linddun::NonCompliance => "Non-compliance",
    }
}

fn find<T: Copy>(table: &[(T, &[&str])], word: &str) -> Option<T> {
    let forms = forms(word);
    let is_one = |names: &&(T, &[&str])| names.1.iter().any(|name| forms.iter().any(|form| form == name));
    table.iter().find(is_one).map(|(kind, _)| *kind)
}

/// How a word may stand in the tables: as it is, or in English before, after a slash, or in brackets, as several
/// languages have it.
fn forms(word: &str) -> Vec<String> {
    let whole = plain(word);
    let mut forms = vec![];
    forms.extend(whole.split('/').map(|part| part.trim().to_owned()));
    forms.extend(whole.split(['(', ')']).nth(1).map(|part| part.trim().to_owned()));
    let english: String = whole.chars().take_while(char::is_ascii).collect();
    forms.push(english.trim().to_owned());
    forms.push(whole);
    forms.retain(|form| !form.is_empty());
    forms
}

/// A text in small letters, with single blanks and without a full stop, to compare it by.
fn plain(text: &str) -> String {
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    words.join(" ").trim_end_matches(['.', '。']).replace('’', "'")
}

/// Whether nobody wrote a text: it stands there until somebody does.
pub(super) fn is_placeholder(text: &str) -> bool {
    // The longest has less than 400 bytes.
    if text.is_empty() || text.len() > 500 {
        return false;
    }
    let text = plain(text);
    PLACEHOLDERS.contains(&text.as_str())
}

/// The status that a word is.
pub(super) fn status(word: &str) -> Option<ThreatStatus> {
    let letters: String = word.chars().filter(|c| c.is_alphanumeric()).collect();
    Some(match letters.to_lowercase().as_str() {
        "open" => ThreatStatus::Open,
        "mitigated" => ThreatStatus::Mitigated,
        "notapplicable" | "na" => ThreatStatus::NotApplicable,
        "accepted" => ThreatStatus::Accepted,
        "transferred" => ThreatStatus::Transferred,
        "avoided" => ThreatStatus::Avoided,
        "eliminated" => ThreatStatus::Eliminated,
        _ => return None,
    })
}

/// The word for a status. What Threat Dragon has no word for becomes the nearest that claims no more: what is being
/// worked on or was not looked at is open. What is settled without saying how becomes mitigated, as it is not open.
pub(super) fn word_of_status(status: ThreatStatus) -> &'static str {
    match status {
        ThreatStatus::Open | ThreatStatus::InProgress | ThreatStatus::Undetermined => "Open",
        ThreatStatus::Mitigated | ThreatStatus::Resolved => "Mitigated",
        ThreatStatus::NotApplicable => "NotApplicable",
        ThreatStatus::Accepted => "Accepted",
        ThreatStatus::Transferred => "Transferred",
        ThreatStatus::Avoided => "Avoided",
        ThreatStatus::Eliminated => "Eliminated",
    }
}

/// Whether the text beside a threat that stands so says why, and not what is done against it.
pub(super) fn explains(status: ThreatStatus) -> bool {
    use ThreatStatus::{Accepted, Avoided, NotApplicable, Transferred};
    matches!(status, NotApplicable | Accepted | Transferred | Avoided)
}

/// The severity that a word is, which may be none; `None` for no such word. “TBD” is what Threat Dragon begins with.
pub(super) fn severity(word: &str) -> Option<Option<Severity>> {
    Some(match word.to_lowercase().as_str() {
        "" | "tbd" => None,
        "low" => Some(Severity::Low),
        "medium" => Some(Severity::Medium),
        "high" => Some(Severity::High),
        "critical" => Some(Severity::Critical),
        _ => return None,
    })
}

/// The word for a severity. Threat Dragon has none below low.
pub(super) fn word_of_severity(severity: Option<Severity>) -> &'static str {
    match severity {
        None => "TBD",
        Some(Severity::Note | Severity::Low) => "Low",
        Some(Severity::Medium) => "Medium",
        Some(Severity::High) => "High",
        Some(Severity::Critical) => "Critical",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_have_what_words_are_compared_by() {
        let kinds = STRIDE.iter().flat_map(|(_, names)| *names);
        let kinds = kinds.chain(LINDDUN.iter().flat_map(|(_, names)| *names));
        for word in kinds.chain(PLACEHOLDERS) {
            assert_eq!(plain(word), *word);
        }
        assert!(PLACEHOLDERS.iter().all(|text| text.len() <= 400));
    }
}
