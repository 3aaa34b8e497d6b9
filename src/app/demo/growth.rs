//! The teams that a demo organization has beyond the usual ones: who they are and how they work, by chance, with a
//! name that no other has.

use super::history::{DemoSize, Dice, Topic};
use super::profiles::{GROUPS, Latest, PROFILES, PROVIDER, Profile};

/// How many teams share a group.
const GROUP_SIZE: usize = 16;

/// What teams take care of: in their names, and in a sentence.
const SUBJECTS: [(&str, &str); 50] = [
    ("Account", "accounts"),
    ("Address", "addresses"),
    ("Archive", "old records"),
    ("Article", "articles and their pictures"),
    ("Billing", "bills and reminders"),
    ("Booking", "bookings"),
    ("Campaign", "campaigns"),
    ("Carrier", "contracts with carriers"),
    ("Claims", "claims and damages"),
    ("Contract", "contracts"),
    ("Credit", "credit checks"),
    ("Currency", "currencies and their rates"),
    ("Customs", "customs papers"),
    ("Delivery Slot", "delivery slots"),
    ("Device", "scanners and printers"),
    ("Document", "documents"),
    ("Energy", "energy and its costs"),
    ("Export", "exports to partners"),
    ("Fleet", "lorries and vans"),
    ("Fraud", "fraud and its signs"),
    ("Gift Card", "gift cards"),
    ("Identity", "sign-in and identities"),
    ("Inventory", "stock"),
    ("Invoice", "invoices"),
    ("Knowledge", "articles for the help desk"),
    ("Label", "labels of parcels"),
    ("Ledger", "the general ledger"),
    ("Locker", "parcel lockers"),
    ("Loyalty", "points and rewards"),
    ("Mail", "letters and messages"),
    ("Market", "sellers on the market place"),
    ("Notification", "notifications"),
    ("Order", "orders"),
    ("Packaging", "boxes and packaging"),
    ("Payroll", "wages"),
    ("Pick-up", "pick-up points"),
    ("Pricing", "prices and discounts"),
    ("Procurement", "purchases"),
    ("Quality", "inspections"),
    ("Recommendation", "recommendations"),
    ("Recruiting", "applications for jobs"),
    ("Return", "returns"),
    ("Review", "reviews of customers"),
    ("Route", "routes of drivers"),
    ("Search", "search and its index"),
    ("Shift", "shifts and rosters"),
    ("Subscription", "subscriptions"),
    ("Supplier", "suppliers"),
    ("Tax", "taxes"),
    ("Tracking", "parcels on their way"),
];

/// What teams build: in their names, and in a sentence.
const PRODUCTS: [(&str, &str); 20] = [
    ("Service", "Builds and runs the services for"),
    ("Portal", "Builds the pages on which customers look after"),
    ("API", "Offers to other teams and to partners an interface for"),
    ("App", "Makes the app for"),
    ("Engine", "Computes in the background what there is to know about"),
    ("Console", "Builds the pages on which employees look after"),
    ("Data", "Collects and checks the figures on"),
    ("Gateway", "Connects partners and other companies for"),
    ("Reporting", "Makes the reports on"),
    ("Automation", "Automates the daily work on"),
    ("Archive Jobs", "Runs the night jobs for"),
    ("Integration", "Connects purchased programs for"),
    ("Insights", "Explores and forecasts"),
    ("Planner", "Plans ahead for"),
    ("Registry", "Keeps the records of"),
    ("Checks", "Checks by rules and by hand"),
    ("Migration", "Moves to a new program"),
    ("Operations", "Keeps up, day and night, the programs for"),
    ("Terminal", "Writes the programs on terminals in warehouses and shops for"),
    ("Tools", "Writes what other teams use for"),
];

/// For whom, where there are so many teams that the same is done for several.
const MARKETS: [&str; 11] = [
    "",
    "Retail ",
    "Wholesale ",
    "Nordic ",
    "Iberian ",
    "Alpine ",
    "Baltic ",
    "Overseas ",
    "Partner ",
    "Franchise ",
    "Legacy ",
];

const AREAS: [&str; 30] = [
    "Retail",
    "Wholesale",
    "Logistics",
    "Warehouse",
    "Transport",
    "Finance",
    "Treasury",
    "Risk",
    "People",
    "Marketing",
    "Sales",
    "Service",
    "Supply",
    "Purchasing",
    "Planning",
    "Analytics",
    "Content",
    "Mobile",
    "Stores",
    "Returns",
    "Quality",
    "Energy",
    "Property",
    "Legal",
    "Partners",
    "Market Place",
    "Fulfilment",
    "Production",
    "Research",
    "Integration",
];

const SITES: [&str; 24] = [
    "Antwerp", "Bergen", "Bilbao", "Brno", "Cork", "Gdansk", "Ghent", "Graz", "Leeds", "Leipzig", "Linz", "Lyon",
    "Malmö", "Nantes", "Odense", "Porto", "Riga", "Tallinn", "Tampere", "Trieste", "Turin", "Utrecht", "Valencia",
    "Vilnius",
];

const FIRST_NAMES: [&str; 28] = [
    "Adele", "Bruno", "Chiara", "Dmitri", "Esra", "Farid", "Greta", "Hugo", "Ines", "Jarek", "Kaya", "Lars", "Mina",
    "Nils", "Olga", "Pablo", "Quentin", "Rosa", "Samir", "Tuva", "Ugo", "Vera", "Wanda", "Xenia", "Yannick", "Zofia",
    "Anouk", "Bilal",
];

const LAST_NAMES: [&str; 28] = [
    "Aalto", "Bakker", "Costa", "Dubois", "Eriksen", "Ferrari", "Garcia", "Hansen", "Ivanova", "Jansen", "Kowalski",
    "Larsen", "Moreau", "Novak", "Olsen", "Petrov", "Quist", "Rossi", "Silva", "Tanaka", "Ueda", "Virtanen", "Wagner",
    "Yilmaz", "Zeman", "Abebe", "Brandt", "Chen",
];

/// Takes a word of each list, so that no number gives the same two words as another one below the product of their
/// lengths, and those of neighbours differ in both. That holds where the length of `others` has no factor in common
/// with the length of `words` plus one.
fn pair<'a, T>(words: &'a [T], others: &'a [T], number: usize) -> Option<(&'a T, &'a T)> {
    let round = number.checked_div(words.len())?;
    let one = words.get(number % words.len())?;
    Some((one, others.get((round + number).checked_rem(others.len())?)?))
}

/// How many groups there are beside the usual ones.
pub(super) fn groups(size: DemoSize) -> usize {
    size.teams.saturating_sub(PROFILES.len()).div_ceil(GROUP_SIZE)
}

/// The name of one of these groups.
pub(super) fn group_name(number: usize) -> String {
    pair(&AREAS, &SITES, number).map(|(area, site)| format!("{area} {site}")).unwrap_or_default()
}

/// Who assesses the teams of one of these groups.
pub(super) fn champion_name(number: usize) -> String {
    pair(&FIRST_NAMES, &LAST_NAMES, number).map(|(first, last)| format!("{first} {last}")).unwrap_or_default()
}

/// The name of a team beyond the usual ones, and what it does, in a sentence.
pub(super) fn team(number: usize) -> (String, String) {
    let market = MARKETS.get(number / (SUBJECTS.len() * PRODUCTS.len())).copied().unwrap_or_default();
    let Some(((subject, what), (product, does))) = pair(&SUBJECTS, &PRODUCTS, number) else {
        return Default::default();
    };
    (format!("{market}{subject} {product}"), format!("{does} {what}."))
}

/// The group that a team beyond the usual ones is in for its place, and for some teams another one.
pub(super) fn groups_of(size: DemoSize, number: usize, dice: Dice) -> Vec<usize> {
    let own = GROUPS.len() + number / GROUP_SIZE;
    let all = GROUPS.len() + groups(size);
    let other = || usize::try_from(dice.roll(Topic::Neighbour, 1, u32::try_from(all).unwrap_or(1))).unwrap_or_default();
    let other = Some(other()).filter(|other| dice.roll(Topic::Neighbour, 0, 4) == 0 && *other != own);
    std::iter::once(own).chain(other).collect()
}

/// How a team beyond the usual ones works: much like one of those, each with its own start, pace and habits. Nearly
/// all are assessed in nearly all quarters.
pub(super) fn profile(size: DemoSize, dice: Dice) -> Profile {
    let roll = |number: usize, sides: u32| dice.roll(Topic::Habit, number, sides);
    let is_so = |number: usize, in_a_hundred: i64| roll(number, 100) < in_a_hundred;
    let quarters = u32::try_from(size.quarters).unwrap_or(u32::MAX);
    let ago = |number: usize, sides: u32| usize::try_from(roll(number, sides)).unwrap_or_default();
    // What is the platform's is not like anybody else's.
    let others = u32::try_from(PROFILES.len() - 1).unwrap_or(1);
    let character = usize::try_from(dice.roll(Topic::Character, 0, others)).unwrap_or_default();
    let base = PROFILES.get(PROVIDER + 1 + character).copied().unwrap_or(Profile::USUAL);
    const SKIPPED: [&[usize]; 3] = [&[1], &[2], &[5]];
    Profile {
        start: 10 + roll(1, 250),
        pace: 20 + roll(2, 55),
        joined: is_so(3, 5).then(|| ago(4, quarters)),
        retired: is_so(5, 2).then(|| 1 + ago(6, 4)).filter(|retired| *retired < size.quarters),
        skipped: if is_so(7, 3) { SKIPPED.get(ago(8, 3)).copied().unwrap_or_default() } else { &[] },
        setback: is_so(9, 8).then(|| ago(10, quarters)),
        latest: match roll(11, 100) {
            0..8 => Latest::NotOpened,
            8..12 => Latest::Draft,
            _ => Latest::Submitted,
        },
        handed_over: &[],
        is_hasty: is_so(12, 10),
        ..base
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::domain::organization::Name;

    #[test]
    fn no_two_are_called_the_same() {
        let size = DemoSize { teams: 10_000, quarters: 1 };
        let key = |name: &str| Name::new(name).unwrap().key();
        let mut teams: BTreeSet<String> = PROFILES.iter().map(|profile| key(profile.name)).collect();
        for number in 0..size.teams {
            assert!(teams.insert(key(&team(number).0)), "{number}: {}", team(number).0);
        }
        let mut names: BTreeSet<String> = GROUPS.iter().map(|name| key(name)).collect();
        let mut champions = BTreeSet::new();
        for number in 0..groups(size) {
            assert!(names.insert(key(&group_name(number))), "{number}: {}", group_name(number));
            assert!(champions.insert(key(&champion_name(number))), "{number}: {}", champion_name(number));
        }
    }
}
