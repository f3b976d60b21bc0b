//! Registry: the accounts that this process has sessions of.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use super::{Account, Key, StoreKey};
use crate::process::PerProcess;

/// A child begins with its parent's: sessions made before the fork and after it share their accounts.
static REGISTRY: PerProcess<Mutex<Registry>> = PerProcess::new();

/// Lists: a process has a few, and nothing of them is hidden from a leak checker.
#[derive(Clone, Default)]
struct Registry {
    accounts: Vec<(Key, Weak<Account>)>,
    /// Whose credentials a stored token is taken for. The store can't tell: it has nothing of a password.
    owners: Vec<(StoreKey, Key)>,
}

fn registry() -> MutexGuard<'static, Registry> {
    let registry = REGISTRY.get_or_inherit(|parent: Option<&Mutex<Registry>>| {
        let inherited = parent.and_then(|parent| parent.try_lock().ok());
        Mutex::new(inherited.map(|registry| registry.clone()).unwrap_or_default())
    });
    registry.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Registry {
    fn find(&self, key: &Key) -> Option<Arc<Account>> {
        self.accounts.iter().find(|(other, _)| other == key).and_then(|(_, account)| account.upgrade())
    }

    fn forget_the_dead(&mut self) {
        self.accounts.retain(|(_, account)| account.strong_count() > 0);
        let accounts = &self.accounts;
        self.owners.retain(|(_, owner)| accounts.iter().any(|(key, _)| key == owner));
    }

    fn set_owner(&mut self, store: StoreKey, key: Key) {
        self.owners.retain(|(other, _)| *other != store);
        self.owners.push((store, key));
    }
}

/// Nothing in this process ever made a session: the usual case of an explicit login.
pub(super) fn is_empty() -> bool {
    REGISTRY.is_unused()
}

/// The account of `key`, made if there is none.
pub(crate) fn shared(key: Key) -> Arc<Account> {
    let mut registry = registry();
    if let Some(account) = registry.find(&key) {
        return account;
    }
    registry.forget_the_dead();
    let account = Arc::new(Account::new());
    registry.accounts.push((key, Arc::downgrade(&account)));
    account
}

/// The account of `key`, if there are sessions of it.
pub(super) fn find(key: &Key) -> Option<Arc<Account>> {
    registry().find(key)
}

/// Whether the sessions of `key` may take what is stored for `store`: not while others of this process, with another
/// password for the same user, do.
pub(crate) fn may_use_store(store: StoreKey, key: Key) -> bool {
    let mut registry = registry();
    let owner = registry.owners.iter().find(|(other, _)| *other == store).map(|(_, owner)| *owner);
    if owner.is_some_and(|owner| owner != key && registry.find(&owner).is_some()) {
        return false;
    }
    registry.set_owner(store, key);
    true
}

/// The sessions of `key` have just logged in: their password is the right one.
pub(crate) fn takes_store(store: StoreKey, key: Key) {
    registry().set_owner(store, key);
}
