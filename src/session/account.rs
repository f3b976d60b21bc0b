//! Account: whose tokens these are, as a hash, and the caches of all accounts that this process has sessions of.

use std::ops::Deref;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use once_cell::race::OnceBox;

use super::cache::TokenCache;
use crate::client::Client;
use crate::config::Encoding;
use crate::error::Result;
use crate::process::PerProcess;
use crate::secret::{Secret, hash, hex, random};

/// What a session logs in with.
pub(super) struct Credentials {
    pub(super) client: Client,
    pub(super) username: Secret,
    pub(super) password: Secret,
}

/// What sessions of this process must have in common to share a token.
///
/// It is salted with what only this process knows, so that it tells nothing of a password, and a comparison need not take
/// constant time.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct AccountKey([u8; 32]);

impl AccountKey {
    /// The account itself (`record`), the password, and what decides whether a login gets through: a session with another
    /// proxy or other trust must not fail, nor succeed, by this one's.
    pub(super) fn new(client: &Client, record: &str, password: &str) -> Result<AccountKey> {
        let settings = client.settings();
        let encoding: &[u8] = match settings.login_encoding {
            Encoding::Json => b"json",
            Encoding::Multipart => b"multipart",
        };
        Ok(AccountKey(hash(&[
            salt()?,
            record.as_bytes(),
            client.store().name().as_encoded_bytes(),
            settings.api_version.as_bytes(),
            encoding,
            &client.route(),
            password.as_bytes(),
        ])))
    }
}

/// The name of an account in a store, for every process: a hash of origin, user, device and 16 bits of the password.
///
/// With another password so come other tokens, back-offs and locks. Sixteen bits let one wrong password in 65,536 meet
/// another's token, and tell no more than those who can list the store, and so have the token, may know.
pub(super) fn record_name(client: &Client, username: &str, password: &str) -> String {
    let settings = client.settings();
    let origin = client.origin().as_bytes();
    let tag = hash(&[b"testpress password 2", origin, username.as_bytes(), password.as_bytes()]);
    hex(&hash(&[
        b"testpress account 2",
        origin,
        username.as_bytes(),
        settings.device_uid.as_deref().unwrap_or_default().as_bytes(),
        settings.device_type.as_deref().unwrap_or_default().as_bytes(),
        &tag[..2],
    ]))
}

/// The same in a forked child, whose sessions are those of its parent.
fn salt() -> Result<&'static [u8]> {
    static SALT: OnceBox<[u8; 32]> = OnceBox::new();
    Ok(SALT.get_or_try_init(|| random().map(Box::new))?.as_slice())
}

/// A child begins with its parent's: sessions made before the fork and after it share their caches.
static CACHES: PerProcess<Mutex<Caches>> = PerProcess::new();

/// In buckets by the first byte of a key, which is a hash: the map of std takes six times the code.
#[derive(Clone)]
struct Caches(Vec<Vec<(AccountKey, Weak<AccountCache>)>>);

impl Caches {
    fn bucket(&mut self, key: &AccountKey) -> &mut Vec<(AccountKey, Weak<AccountCache>)> {
        &mut self.0[usize::from(key.0[0])]
    }

    fn get(&mut self, key: &AccountKey) -> Option<Arc<AccountCache>> {
        self.bucket(key).iter().find(|(known, _)| known == key)?.1.upgrade()
    }
}

/// No cache may be dropped while this is locked: that locks it, too.
fn caches() -> MutexGuard<'static, Caches> {
    let caches = CACHES.get_or_inherit(|parent: Option<&Mutex<Caches>>| {
        let inherited = parent.and_then(|parent| parent.try_lock().ok()).map(|caches| caches.clone());
        Mutex::new(inherited.unwrap_or_else(|| Caches(vec![Vec::new(); 256])))
    });
    caches.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The cache of one account, gone with its last session.
pub(super) struct AccountCache {
    key: AccountKey,
    cache: TokenCache,
}

/// The cache of `key`, made if there is none.
pub(super) fn join(key: AccountKey) -> Arc<AccountCache> {
    let mut caches = caches();
    if let Some(cache) = caches.get(&key) {
        return cache;
    }
    let cache = Arc::new(AccountCache { key, cache: TokenCache::new() });
    caches.bucket(&key).push((key, Arc::downgrade(&cache)));
    cache
}

impl Deref for AccountCache {
    type Target = TokenCache;

    fn deref(&self) -> &TokenCache {
        &self.cache
    }
}

impl Drop for AccountCache {
    fn drop(&mut self) {
        // A session that was made meanwhile has a cache of its own.
        caches().bucket(&self.key).retain(|(_, cache)| !std::ptr::eq(cache.as_ptr(), self));
    }
}

/// The cache of `key`, if this process has sessions of it.
pub(super) fn find(key: &AccountKey) -> Option<Arc<AccountCache>> {
    caches().get(key)
}

/// Nothing in this process ever made a session: the usual case of an explicit login.
pub(super) fn has_none() -> bool {
    CACHES.is_unused()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    fn client(institute: &str, options: &[(&str, &str)]) -> Client {
        let mut config = Config::new();
        for (name, value) in options {
            config.set(name, value).unwrap();
        }
        Client::new(institute, &config).unwrap()
    }

    fn key(client: &Client, username: &str, password: &str) -> AccountKey {
        AccountKey::new(client, &record_name(client, username, password), password).unwrap()
    }

    #[test]
    fn each_part_of_an_account_counts() {
        let demo = client("demo", &[]);
        let names = [
            record_name(&demo, "ada", "secret"),
            record_name(&client("other", &[]), "ada", "secret"),
            record_name(&demo, "adas", "ecret"),
            record_name(&demo, "ada", "Secret"),
            record_name(&client("demo", &[("device_uid", "x")]), "ada", "secret"),
            record_name(&client("demo", &[("device_type", "x")]), "ada", "secret"),
        ];
        for (at, name) in names.iter().enumerate() {
            assert_eq!(name.len(), 32);
            assert!(!names[..at].contains(name), "{at}");
        }
        assert_eq!(names[0], record_name(&client("DEMO", &[("timeout_ms", "1")]), "ada", "secret"));
    }

    #[test]
    fn only_what_decides_about_a_login_keeps_sessions_apart() {
        let (demo, ada) = (client("demo", &[]), |client: &Client| key(client, "ada", "secret"));
        for option in [("timeout_ms", "7"), ("retries", "0"), ("expiry_leeway", "9"), ("user_agent", "x")] {
            assert!(ada(&demo) == ada(&client("demo", &[option])), "{option:?}");
        }
        let proxies = ["none", "http://a:1", "http://a:2", "http://u:p@a:1", "http://u:q@a:1"];
        let mut others: Vec<_> = proxies.iter().map(|proxy| ada(&client("demo", &[("proxy", proxy)]))).collect();
        // With no proxy in the environment, "none" is the same.
        others.remove(0);
        others.extend(
            [("api_version", "v2.3"), ("login_encoding", "multipart"), ("store", "file")]
                .map(|option| ada(&client("demo", &[option]))),
        );
        others.push(key(&demo, "ada", "other"));
        others.push(ada(&demo));
        for (at, other) in others.iter().enumerate() {
            assert!(!others[..at].contains(other), "{at}");
        }
    }

    #[test]
    fn the_last_session_takes_the_cache_along() {
        let key = key(&client("last-session", &[]), "ada", "secret");
        let (first, second) = (join(key), join(key));
        assert!(Arc::ptr_eq(&first, &second));
        drop(first);
        assert!(find(&key).is_some());
        drop(second);
        assert!(caches().bucket(&key).iter().all(|(known, _)| *known != key));
    }
}
