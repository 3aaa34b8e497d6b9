//! How likely a threat is and what it does, on one of several scales, and the severity that follows.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::words::Severity;
use crate::domain::named::{Named, named_in_files};

/// How likelihood and impact are rated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Scale {
    /// Low, medium, high each, put together as in the OWASP Risk Rating.
    #[default]
    Three,
    /// The factors of the OWASP Risk Rating, 0 to 9 each.
    Owasp,
    /// One to four each, put together as Threagile does.
    Four,
    /// One to five each, put together as in the OWASP Threat Model Library.
    Five,
    /// 0 to 100 each, put together as OWASP Threat Dragon does with the Open Threat Model.
    Percent,
}

impl Named for Scale {
    const NAMED: &'static [(&'static str, Self)] = &[
        ("three-steps", Self::Three),
        ("owasp-risk-rating", Self::Owasp),
        ("four-steps", Self::Four),
        ("five-steps", Self::Five),
        ("percent", Self::Percent),
    ];
}

impl Scale {
    /// The least and the greatest value of likelihood and impact; of the OWASP Risk Rating, of a factor.
    pub fn range(self) -> (u8, u8) {
        match self {
            Self::Three => (1, 3),
            Self::Owasp => (0, 9),
            Self::Four => (1, 4),
            Self::Five => (1, 5),
            Self::Percent => (0, 100),
        }
    }
}

/// A factor of the OWASP Risk Rating.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Factor {
    /// How skilled those are who would do it.
    SkillLevel,
    /// What they gain.
    Motive,
    /// What they need for it.
    Opportunity,
    /// How many they are.
    Size,
    /// How easy the weakness is found.
    EaseOfDiscovery,
    /// How easy it is used.
    EaseOfExploit,
    /// How well it is known.
    Awareness,
    /// How likely it is noticed.
    IntrusionDetection,
    /// How much is disclosed.
    LossOfConfidentiality,
    /// How much is damaged.
    LossOfIntegrity,
    /// How much stands still.
    LossOfAvailability,
    /// Whether it can be traced to somebody.
    LossOfAccountability,
    /// What it costs.
    FinancialDamage,
    /// What is said of it.
    ReputationDamage,
    /// Which rules are broken.
    NonCompliance,
    /// How many people are disclosed.
    PrivacyViolation,
}

impl Named for Factor {
    const NAMED: &'static [(&'static str, Self)] = &[
        ("skill-level", Self::SkillLevel),
        ("motive", Self::Motive),
        ("opportunity", Self::Opportunity),
        ("size", Self::Size),
        ("ease-of-discovery", Self::EaseOfDiscovery),
        ("ease-of-exploit", Self::EaseOfExploit),
        ("awareness", Self::Awareness),
        ("intrusion-detection", Self::IntrusionDetection),
        ("loss-of-confidentiality", Self::LossOfConfidentiality),
        ("loss-of-integrity", Self::LossOfIntegrity),
        ("loss-of-availability", Self::LossOfAvailability),
        ("loss-of-accountability", Self::LossOfAccountability),
        ("financial-damage", Self::FinancialDamage),
        ("reputation-damage", Self::ReputationDamage),
        ("non-compliance", Self::NonCompliance),
        ("privacy-violation", Self::PrivacyViolation),
    ];
}

named_in_files!(Scale, Factor);

impl Factor {
    /// Those of the likelihood: of who does it, then of the weakness.
    pub const LIKELIHOOD: [Self; 8] = [
        Self::SkillLevel,
        Self::Motive,
        Self::Opportunity,
        Self::Size,
        Self::EaseOfDiscovery,
        Self::EaseOfExploit,
        Self::Awareness,
        Self::IntrusionDetection,
    ];
    /// Those of the technical impact.
    pub const TECHNICAL: [Self; 4] =
        [Self::LossOfConfidentiality, Self::LossOfIntegrity, Self::LossOfAvailability, Self::LossOfAccountability];
    /// Those of the impact on the business.
    pub const BUSINESS: [Self; 4] =
        [Self::FinancialDamage, Self::ReputationDamage, Self::NonCompliance, Self::PrivacyViolation];

    /// What pages call it.
    pub fn title(self) -> &'static str {
        match self {
            Self::SkillLevel => "Skill level",
            Self::Motive => "Motive",
            Self::Opportunity => "Opportunity",
            Self::Size => "Size",
            Self::EaseOfDiscovery => "Ease of discovery",
            Self::EaseOfExploit => "Ease of exploit",
            Self::Awareness => "Awareness",
            Self::IntrusionDetection => "Intrusion detection",
            Self::LossOfConfidentiality => "Loss of confidentiality",
            Self::LossOfIntegrity => "Loss of integrity",
            Self::LossOfAvailability => "Loss of availability",
            Self::LossOfAccountability => "Loss of accountability",
            Self::FinancialDamage => "Financial damage",
            Self::ReputationDamage => "Reputation damage",
            Self::NonCompliance => "Non-compliance",
            Self::PrivacyViolation => "Privacy violation",
        }
    }
}

/// Low, medium or high: what every scale comes down to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Band {
    /// In the lowest third.
    Low,
    /// In the middle.
    Medium,
    /// In the highest third.
    High,
}

impl Band {
    /// All three, the lowest first.
    pub const ALL: [Self; 3] = [Self::Low, Self::Medium, Self::High];

    /// What pages call it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Low => "Low",
            Self::Medium => "Medium",
            Self::High => "High",
        }
    }

    /// The band of a value of the OWASP Risk Rating: below 3 low, below 6 medium, up to 9 high.
    pub fn of_nine(value: f64) -> Self {
        match value {
            value if value < 3.0 => Self::Low,
            value if value < 6.0 => Self::Medium,
            _ => Self::High,
        }
    }
}

/// The severity of a likelihood and an impact, by the table of the OWASP Risk Rating.
pub fn severity_of(likelihood: Band, impact: Band) -> Severity {
    match (impact, likelihood) {
        (Band::Low, Band::Low) => Severity::Note,
        (Band::Low, Band::Medium) | (Band::Medium, Band::Low) => Severity::Low,
        (Band::Low, Band::High) | (Band::Medium, Band::Medium) | (Band::High, Band::Low) => Severity::Medium,
        (Band::Medium, Band::High) | (Band::High, Band::Medium) => Severity::High,
        (Band::High, Band::High) => Severity::Critical,
    }
}

/// How likely a threat is, and what it does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Rating {
    /// A value each, on a scale.
    Steps {
        /// The scale; not the OWASP Risk Rating.
        scale: Scale,
        /// How likely it is, within the range of the scale.
        likelihood: u8,
        /// What it does, within the range of the scale.
        impact: u8,
    },
    /// By the factors of the OWASP Risk Rating, 0 to 9 each; some may be left out.
    Factors(BTreeMap<Factor, u8>),
}

impl Rating {
    /// Values on a scale, if they are within its range.
    pub fn of(scale: Scale, likelihood: u8, impact: u8) -> Option<Self> {
        let (least, most) = scale.range();
        let fits = |value: u8| (least..=most).contains(&value);
        (scale != Scale::Owasp && fits(likelihood) && fits(impact)).then_some(Self::Steps { scale, likelihood, impact })
    }

    /// Whether its values are within the range of its scale, and there is one.
    pub fn is_sound(&self) -> bool {
        match self {
            Self::Steps { scale, likelihood, impact } => Self::of(*scale, *likelihood, *impact).is_some(),
            Self::Factors(factors) => !factors.is_empty() && factors.values().all(|&value| value <= 9),
        }
    }

    /// The scale it is on.
    pub fn scale(&self) -> Scale {
        match self {
            Self::Steps { scale, .. } => *scale,
            Self::Factors(_) => Scale::Owasp,
        }
    }

    /// How likely it is, 0 to 9, by the mean of the factors that are given; `None` without any.
    pub fn likelihood(&self) -> Option<Band> {
        match self {
            Self::Steps { scale, likelihood, .. } => Some(band(*scale, *likelihood)),
            Self::Factors(factors) => mean(factors, &Factor::LIKELIHOOD).map(Band::of_nine),
        }
    }

    /// What it does. Of the OWASP Risk Rating: the impact on the business where any of it is known, else the technical
    /// one.
    pub fn impact(&self) -> Option<Band> {
        match self {
            Self::Steps { scale, impact, .. } => Some(band(*scale, *impact)),
            Self::Factors(factors) => {
                mean(factors, &Factor::BUSINESS).or_else(|| mean(factors, &Factor::TECHNICAL)).map(Band::of_nine)
            }
        }
    }

    /// The severity that follows; `None` while likelihood or impact is not rated.
    pub fn severity(&self) -> Option<Severity> {
        let Self::Steps { scale, likelihood, impact } = self else {
            return Some(severity_of(self.likelihood()?, self.impact()?));
        };
        let product = u32::from(*likelihood) * u32::from(*impact);
        Some(match scale {
            Scale::Three | Scale::Owasp => severity_of(self.likelihood()?, self.impact()?),
            // Threagile: low up to 1, medium to 3, elevated to 8, high to 12, critical.
            Scale::Four => match product {
                ..=1 => Severity::Low,
                2..=3 => Severity::Medium,
                4..=12 => Severity::High,
                _ => Severity::Critical,
            },
            // The Threat Model Library: very low up to 2, low to 4, medium to 9, high to 12, very high to 16, critical.
            Scale::Five => match product {
                ..=2 => Severity::Note,
                3..=4 => Severity::Low,
                5..=9 => Severity::Medium,
                10..=12 => Severity::High,
                _ => Severity::Critical,
            },
            // Threat Dragon divides by a thousand: critical from 9, high from 7, medium from 4.
            Scale::Percent => match product {
                ..4_000 => Severity::Low,
                4_000..7_000 => Severity::Medium,
                7_000..9_000 => Severity::High,
                _ => Severity::Critical,
            },
        })
    }
}

/// The third of a scale in which a value lies.
fn band(scale: Scale, value: u8) -> Band {
    let (least, most) = scale.range();
    let share = f64::from(value.saturating_sub(least)) / f64::from(most - least);
    match share {
        share if share < 1.0 / 3.0 => Band::Low,
        share if share < 2.0 / 3.0 => Band::Medium,
        _ => Band::High,
    }
}

/// The mean of those factors that are given.
fn mean(factors: &BTreeMap<Factor, u8>, of: &[Factor]) -> Option<f64> {
    let given: Vec<f64> = of.iter().filter_map(|factor| factors.get(factor)).map(|&value| f64::from(value)).collect();
    let count = u32::try_from(given.len()).ok().filter(|&count| count > 0)?;
    Some(given.iter().sum::<f64>() / f64::from(count))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn severity(scale: Scale, likelihood: u8, impact: u8) -> Option<Severity> {
        Rating::of(scale, likelihood, impact)?.severity()
    }

    #[test]
    fn severities_are_those_of_the_tables_of_each_scale() {
        use Severity::{Critical, High, Low, Medium, Note};
        let table = |scale, all: &[u8]| -> Vec<Option<Severity>> {
            all.iter()
                .flat_map(|&impact| all.iter().map(move |&likelihood| severity(scale, likelihood, impact)))
                .collect()
        };
        let three = [Note, Low, Medium, Low, Medium, High, Medium, High, Critical];
        assert_eq!(table(Scale::Three, &[1, 2, 3]), three.map(Some));
        for (product, expected) in [((1, 1), Low), ((1, 3), Medium), ((2, 2), High), ((3, 4), High), ((4, 4), Critical)]
        {
            assert_eq!(severity(Scale::Four, product.0, product.1), Some(expected), "{product:?}");
        }
        for (product, expected) in
            [((1, 2), Note), ((2, 2), Low), ((1, 5), Medium), ((3, 3), Medium), ((3, 4), High), ((4, 4), Critical)]
        {
            assert_eq!(severity(Scale::Five, product.0, product.1), Some(expected), "{product:?}");
        }
        for (product, expected) in [((39, 100), Low), ((40, 100), Medium), ((70, 100), High), ((90, 100), Critical)] {
            assert_eq!(severity(Scale::Percent, product.0, product.1), Some(expected), "{product:?}");
        }
    }

    #[test]
    fn factors_are_averaged_and_the_business_goes_before_the_technology() {
        let factors = |given: &[(&[Factor], u8)]| {
            let all = given.iter().flat_map(|(factors, value)| factors.iter().map(move |factor| (*factor, *value)));
            Rating::Factors(all.collect())
        };
        let likely = factors(&[(&Factor::LIKELIHOOD, 6), (&Factor::TECHNICAL, 9)]);
        assert_eq!(likely.severity(), Some(Severity::Critical));
        let business = factors(&[(&Factor::LIKELIHOOD, 6), (&Factor::TECHNICAL, 9), (&Factor::BUSINESS[..1], 1)]);
        assert_eq!(business.severity(), Some(Severity::Medium), "little damage to the business");
        assert_eq!(factors(&[(&Factor::LIKELIHOOD, 6)]).severity(), None, "the impact is not known");
        let mixed = factors(&[(&Factor::LIKELIHOOD[..1], 2), (&Factor::LIKELIHOOD[1..2], 4)]);
        assert_eq!(mixed.likelihood(), Some(Band::Medium), "3.0 is medium");
    }

    #[test]
    fn values_outside_of_a_scale_are_no_rating() {
        assert_eq!(Rating::of(Scale::Three, 0, 1), None);
        assert_eq!(Rating::of(Scale::Percent, 101, 1), None);
        assert_eq!(Rating::of(Scale::Owasp, 5, 5), None);
        assert!(!Rating::Factors([(Factor::Motive, 10)].into()).is_sound());
        assert!(!Rating::Factors(BTreeMap::new()).is_sound());
    }

    proptest! {
        #[test]
        fn what_is_more_likely_or_worse_is_never_less_severe(
            scale in prop::sample::select(vec![Scale::Three, Scale::Four, Scale::Five, Scale::Percent]),
            likelihood in 0_u8..=100, impact in 0_u8..=100,
        ) {
            let least = severity(scale, likelihood, impact);
            for (likelihood, impact) in [(likelihood + 1, impact), (likelihood, impact + 1)] {
                if let (Some(less), Some(more)) = (least, severity(scale, likelihood, impact)) {
                    prop_assert!(less <= more);
                }
            }
        }
    }
}
