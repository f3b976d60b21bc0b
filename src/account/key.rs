//! Whose login it is, as a hash: what sessions of a process share, and what a stored token is called.

use once_cell::race::OnceBox;
use ring::digest::{Context, SHA256};
use ring::rand::{SecureRandom, SystemRandom};

use crate::config::Settings;
use crate::error::{Error, Result, Status};
use crate::institute::Origin;

/// Of origin, user **and password**, for this process: with a wrong password nobody gets the token of the right one.
///
/// It is salted with what only this process knows, so that an equal prefix of two keys tells nothing of a password, and
/// a comparison need not take constant time.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Key([u8; 32]);

/// Of origin, user and device, for every process. Nothing of the password.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct StoreKey([u8; 32]);

impl Key {
    pub(crate) fn new(origin: &Origin, settings: &Settings, username: &str, password: &str) -> Result<Key> {
        let store = format!("{:?}", settings.store);
        let account = StoreKey::new(origin, settings, username);
        Ok(Key(hash(&[salt()?, &account.0, store.as_bytes(), password.as_bytes()])))
    }
}

impl StoreKey {
    pub(crate) fn new(origin: &Origin, settings: &Settings, username: &str) -> StoreKey {
        let device = |part: &Option<String>| part.clone().unwrap_or_default();
        StoreKey(hash(&[
            b"testpress account 1",
            origin.to_string().as_bytes(),
            username.as_bytes(),
            device(&settings.device_uid).as_bytes(),
            device(&settings.device_type).as_bytes(),
        ]))
    }

    /// For a file's name.
    pub(crate) fn hex(&self) -> String {
        self.0[..16].iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Each part with its length: no two lists of parts are the same bytes.
fn hash(parts: &[&[u8]]) -> [u8; 32] {
    let mut context = Context::new(&SHA256);
    for part in parts {
        context.update(&(part.len() as u64).to_be_bytes());
        context.update(part);
    }
    let mut key = [0; 32];
    key.copy_from_slice(context.finish().as_ref());
    key
}

/// The same in a forked child, whose sessions are those of its parent.
fn salt() -> Result<&'static [u8]> {
    static SALT: OnceBox<[u8; 32]> = OnceBox::new();
    let salt = SALT.get_or_try_init(|| {
        let mut salt = Box::new([0; 32]);
        let failed = |_| Error::new(Status::Internal, "the system's random number generator failed");
        SystemRandom::new().fill(&mut *salt).map_err(failed)?;
        Ok::<_, Error>(salt)
    })?;
    Ok(salt.as_slice())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_counts() {
        let settings = Settings::default();
        let origin = |institute| Origin::parse(institute, false).unwrap();
        let key = |institute, user, password| Key::new(&origin(institute), &settings, user, password).unwrap();
        let demo = key("demo", "ada", "secret");
        assert!(demo == key("demo", "ada", "secret"));
        for other in [key("other", "ada", "secret"), key("demo", "adas", "ecret"), key("demo", "ada", "Secret")] {
            assert!(demo != other);
        }
        let store = |settings: &Settings| StoreKey::new(&origin("demo"), settings, "ada");
        let device = Settings { device_uid: Some("x".to_owned()), ..Settings::default() };
        assert!(store(&settings) != store(&device));
        assert_eq!(store(&settings).hex().len(), 32);
    }
}
