//! What a line of a security log says happened, by its words.

/// What happened in an account besides calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Somebody logged in.
    Login,
    /// A key was made.
    KeyCreated,
    /// A key's rights or addresses were changed, or it was switched on.
    KeyEdited,
    /// A key was deleted or switched off.
    KeyDeleted,
    /// The second factor was changed.
    SecondFactor,
    /// The password was changed.
    Password,
    /// The e-mail address or phone number was changed.
    Contact,
    /// The list of withdrawal addresses was changed.
    AddressBook,
    /// Something else.
    Other,
}

impl Action {
    /// What a log calls it; a log of sessions that has no word for it holds logins.
    pub fn of(text: &str) -> Self {
        let text: String = text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
        let changed = has(&[
            "chang", "reset", "updat", "modif", "set", "edit", "enabl", "disabl", "bind", "bound", "remov", "add",
            "delet",
        ]);
        if has(&["password"]) && changed {
            Self::Password
        } else if text.is_empty() || has(&["login", "logon", "signin", "loggedin", "newdevice", "session"]) {
            Self::Login
        } else if has(&["apikey", "api"]) || text.starts_with("key") {
            if has(&["delet", "remov", "revok", "disabl"]) {
                Self::KeyDeleted
            } else if has(&["edit", "updat", "modif", "chang", "permission", "restrict", "whitelist", "enabl"]) {
                Self::KeyEdited
            } else if has(&["creat", "add", "new", "generat"]) {
                Self::KeyCreated
            } else {
                Self::Other
            }
        } else if has(&["2fa", "twofactor", "authenticator", "totp", "passkey", "securitykey", "yubikey"]) {
            Self::SecondFactor
        } else if has(&["whitelist", "addressbook", "addressmanagement", "withdrawaladdress", "allowlist"]) {
            Self::AddressBook
        } else if has(&["email", "phone", "mobile", "sms"]) && changed {
            Self::Contact
        } else {
            Self::Other
        }
    }

    /// Whether it gives its doer, or takes from the owner, a hold on the account.
    pub fn takes_hold(self) -> bool {
        !matches!(self, Self::Login | Self::KeyDeleted | Self::Other)
    }

    /// For people.
    pub fn words(self) -> &'static str {
        match self {
            Self::Login => "a login",
            Self::KeyCreated => "a key was made",
            Self::KeyEdited => "a key was changed",
            Self::KeyDeleted => "a key was deleted",
            Self::SecondFactor => "the second factor was changed",
            Self::Password => "the password was changed",
            Self::Contact => "the e-mail address or phone was changed",
            Self::AddressBook => "the withdrawal addresses were changed",
            Self::Other => "something else",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Action;

    #[test]
    fn words_of_security_logs_are_known() {
        let cases = [
            ("Login", Action::Login),
            ("", Action::Login),
            ("Sign in (2FA)", Action::Login),
            ("Change Login Password", Action::Password),
            ("API created", Action::KeyCreated),
            ("Create API Key", Action::KeyCreated),
            ("API edited", Action::KeyEdited),
            ("Edit API Restrictions", Action::KeyEdited),
            ("Delete API Key", Action::KeyDeleted),
            ("Google Authenticator reset", Action::SecondFactor),
            ("Withdrawal whitelist off", Action::AddressBook),
            ("Change email", Action::Contact),
            ("Deposit", Action::Other),
        ];
        for (text, action) in cases {
            assert_eq!(Action::of(text), action, "{text}");
        }
    }
}
