//! What the address of a request says of an order: proxies and bots log `POST /api/v3/order?symbol=BTCUSDT&side=BUY&quantity=1`.

use memchr::memmem;

/// An order as a request asks for it; empty where the request does not say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Query<'q> {
    /// The pair, as written.
    pub symbol: &'q str,
    /// The side.
    pub side: &'q str,
    /// Quantity, price, order id and client order id.
    pub values: [&'q str; 4],
}

/// Whether a logged operation has a query that speaks of an order: every order has a side.
pub fn is_order(operation: &[u8]) -> bool {
    memchr::memchr(b'?', operation).is_some_and(|at| memmem::find(&operation[at..], b"side=").is_some())
}

/// Reads the query of a logged operation, under the names that exchanges' interfaces give its parts.
pub fn read(operation: &str) -> Query<'_> {
    let query = operation.split_once('?').map_or("", |(_, query)| query);
    let query = query.split([' ', '#', '"']).next().unwrap_or_default();
    let mut found = Query::default();
    for (name, value) in query.split('&').filter_map(|part| part.split_once('=')) {
        let part = match name.to_ascii_lowercase().as_str() {
            "symbol" | "pair" | "instid" | "market" | "product_id" | "currency_pair" => &mut found.symbol,
            "side" => &mut found.side,
            "quantity" | "qty" | "size" | "sz" | "amount" | "volume" => &mut found.values[0],
            "price" | "px" => &mut found.values[1],
            "orderid" | "order_id" | "ordid" => &mut found.values[2],
            "newclientorderid" | "clientorderid" | "client_oid" | "clordid" | "orderlinkid" => &mut found.values[3],
            _ => continue,
        };
        *part = value;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_read_from_the_query_of_its_request() {
        let request = "POST /api/v3/order?symbol=BTCUSDT&side=BUY&type=LIMIT&quantity=0.5&price=90000&newClientOrderId=x1&timestamp=1&signature=ab HTTP/1.1";
        assert!(is_order(request.as_bytes()));
        let values = ["0.5", "90000", "", "x1"];
        assert_eq!(read(request), Query { symbol: "BTCUSDT", side: "BUY", values });
        for other in ["GET /api/v3/openOrders?symbol=BTCUSDT", "POST /api/v3/order", "side=BUY"] {
            assert!(!is_order(other.as_bytes()), "{other}");
        }
        assert_eq!(read("POST /order?side=&x"), Query::default());
    }
}
