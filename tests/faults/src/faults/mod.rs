//! The catalogue: every fault, one file per topic.

use crate::fault::Fault;

mod answers;
mod body;
mod chunked;
mod claims;
mod connect;
mod head;
mod json;
mod length;
mod lost;
mod redirect;
mod reuse;
mod timing;
mod tls;
mod token;
mod well_behaved;

const TOPICS: &[&[Fault]] = &[
    well_behaved::FAULTS,
    connect::FAULTS,
    tls::FAULTS,
    lost::FAULTS,
    reuse::FAULTS,
    timing::FAULTS,
    head::FAULTS,
    length::FAULTS,
    chunked::FAULTS,
    body::FAULTS,
    json::FAULTS,
    token::FAULTS,
    claims::FAULTS,
    answers::FAULTS,
    redirect::FAULTS,
];

/// Every fault there is.
pub const ALL: &[Fault] = &join::<{ count() }>();

const fn count() -> usize {
    let (mut total, mut topic) = (0, 0);
    while topic < TOPICS.len() {
        total += TOPICS[topic].len();
        topic += 1;
    }
    total
}

/// The topics one after another: what `concat` does, where a constant can't call it.
const fn join<const TOTAL: usize>() -> [Fault; TOTAL] {
    let mut all = [TOPICS[0][0]; TOTAL];
    let (mut next, mut topic) = (0, 0);
    while topic < TOPICS.len() {
        let mut entry = 0;
        while entry < TOPICS[topic].len() {
            all[next] = TOPICS[topic][entry];
            entry += 1;
            next += 1;
        }
        topic += 1;
    }
    all
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::ALL;
    use crate::fault::Fault;

    #[test]
    fn names_are_unique_and_in_kebab_case() {
        let names: HashSet<_> = ALL.iter().map(|fault| fault.name).collect();
        assert_eq!(names.len(), ALL.len());
        for name in names {
            assert!(name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-')), "{name}");
        }
    }

    #[test]
    fn summaries_fit_one_line() {
        for fault in ALL {
            assert!(!fault.summary.is_empty() && fault.summary.len() < 100, "{}", fault.name);
            assert!(!fault.summary.contains(['\n', '\t']), "{}", fault.name);
        }
    }

    #[test]
    fn bystanders_exist() {
        for name in ALL.iter().filter_map(|fault| fault.bystander) {
            assert!(Fault::named(name).is_some(), "{name}");
        }
    }
}
