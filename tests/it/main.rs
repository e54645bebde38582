//! One integration binary; its modules mirror `src`.

mod account;
