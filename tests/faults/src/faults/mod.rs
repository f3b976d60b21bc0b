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
mod proxy;
mod redirect;
mod reuse;
mod session;
mod timing;
mod tls;
mod token;
mod tunnel;
mod well_behaved;

/// Faults of one kind.
#[derive(Clone, Copy, Debug)]
pub struct Topic {
    /// A heading.
    pub heading: &'static str,
    /// The faults, in an order to read them in.
    pub faults: &'static [Fault],
}

/// The whole catalogue by kind.
pub const TOPICS: &[Topic] = &[
    topic("No fault", well_behaved::FAULTS),
    topic("No connection", connect::FAULTS),
    topic("No trust", tls::FAULTS),
    topic("The answer is lost", lost::FAULTS),
    topic("Connections that are kept", reuse::FAULTS),
    topic("Answers that never end, or not in time", timing::FAULTS),
    topic("Heads", head::FAULTS),
    topic("Lengths", length::FAULTS),
    topic("Chunks", chunked::FAULTS),
    topic("Bodies", body::FAULTS),
    topic("JSON", json::FAULTS),
    topic("Tokens", token::FAULTS),
    topic("Claims", claims::FAULTS),
    topic("Refusals", answers::FAULTS),
    topic("Redirects", redirect::FAULTS),
    topic("Proxies that make no tunnel", proxy::FAULTS),
    topic("Proxies that make a tunnel", tunnel::FAULTS),
    topic("For one login no fault, for sessions a task", session::FAULTS),
];

const fn topic(heading: &'static str, faults: &'static [Fault]) -> Topic {
    Topic { heading, faults }
}

/// Every fault there is.
pub const ALL: &[Fault] = &join::<{ count() }>();

const fn count() -> usize {
    let (mut total, mut topic) = (0, 0);
    while topic < TOPICS.len() {
        total += TOPICS[topic].faults.len();
        topic += 1;
    }
    total
}

/// The topics one after another: what `concat` does, where a constant can't call it.
const fn join<const TOTAL: usize>() -> [Fault; TOTAL] {
    let mut all = [TOPICS[0].faults[0]; TOTAL];
    let (mut next, mut topic) = (0, 0);
    while topic < TOPICS.len() {
        let mut entry = 0;
        while entry < TOPICS[topic].faults.len() {
            all[next] = TOPICS[topic].faults[entry];
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
