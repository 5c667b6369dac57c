//! What is asked of the public data sets: distributions and shares of real markets, in SQL.

use laotie_simulate::measure::Scale;

/// A distribution of a real market: which of the simulated ones it stands beside, and how it is asked for.
pub(super) struct Real {
    pub(super) what: &'static str,
    pub(super) unit: &'static str,
    pub(super) scale: Scale,
    pub(super) from: &'static str,
    pub(super) query: &'static str,
}

/// A share in a real market.
pub(super) struct RealShare {
    pub(super) what: &'static str,
    pub(super) from: &'static str,
    pub(super) query: &'static str,
}

/// Data sets as tables.
pub(super) const TABLES: [(&str, &str); 14] = [
    ("items", "olist/order_items.parquet"),
    ("orders", "olist/orders_sample.parquet"),
    ("reviews", "olist/order_reviews_sample.parquet"),
    ("customers", "olist/customers.parquet"),
    ("retail", "online_retail/online_retail.parquet"),
    ("cdnow", "cdnow/cdnow_sample_transactions.parquet"),
    ("taobao", "taobao_user_behavior/user_behavior.parquet"),
    ("tmall", "tmall_repeat_buyers/train_format1.parquet"),
    ("votes", "wiki_vote/edges.parquet"),
    ("kuairand", "kuairand_pure_features/user_features_pure.parquet"),
    ("twitch", "twitch_streamers/ZHTW_edges.parquet"),
    ("twitch_views", "twitch_streamers/ZHTW_target.parquet"),
    ("live", "ytlive_durations/durations.parquet"),
    ("offers", "bought_engagement_market/mkmarket2021_rent.parquet"),
];

/// Days between days with an order of one customer, given `who` and `t` in seconds.
macro_rules! gaps {
    ($visits:literal) => {
        concat!(
            "select gap from (select day - lag(day) over (partition by who order by day) as gap from \
             (select distinct who, cast(t / 86400 as bigint) as day from (",
            $visits,
            ") v) d) g where gap is not null"
        )
    };
}

pub(super) const REAL: [Real; 30] = [
    Real {
        what: "order value",
        unit: "CNY; BRL",
        scale: Scale::Shape,
        from: "Olist",
        query: "select sum(price + freight_value) from items group by order_id",
    },
    Real {
        what: "order value",
        unit: "CNY; GBP",
        scale: Scale::Shape,
        from: "Online Retail",
        query: r#"select v from (select sum("Quantity" * "UnitPrice") as v from retail where "InvoiceNo" not like 'C%' group by "InvoiceNo") t where v > 0"#,
    },
    Real {
        what: "order value",
        unit: "CNY; USD",
        scale: Scale::Shape,
        from: "CDNOW",
        query: "select dollar_value from cdnow where dollar_value > 0",
    },
    Real {
        what: "days between purchases in a shop",
        unit: "days",
        scale: Scale::Shape,
        from: "CDNOW",
        query: gaps!("select customer_id as who, date_part('epoch', date) as t from cdnow"),
    },
    Real {
        what: "days between purchases in a shop",
        unit: "days",
        scale: Scale::Shape,
        from: "Online Retail",
        query: gaps!(
            r#"select "CustomerID" as who, date_part('epoch', "InvoiceDate") as t from retail where "CustomerID" is not null and "InvoiceNo" not like 'C%'"#
        ),
    },
    Real {
        what: "days between purchases in the market",
        unit: "days",
        scale: Scale::Shape,
        from: "Olist (a third of its orders)",
        query: gaps!(
            "select customer_unique_id as who, date_part('epoch', order_purchase_timestamp) as t from orders join customers using (customer_id)"
        ),
    },
    Real {
        what: "purchases of a buyer in nine days",
        unit: "orders; pieces bought",
        scale: Scale::Level,
        from: "Taobao, users who bought",
        query: "select count(*) from taobao where behavior_type = 'buy' group by user_id",
    },
    Real {
        what: "purchases of a buyer in a shop",
        unit: "orders",
        scale: Scale::Level,
        from: "CDNOW, 18 months",
        query: "select count(distinct date) from cdnow group by customer_id",
    },
    Real {
        what: "purchases of a buyer in a shop",
        unit: "orders",
        scale: Scale::Level,
        from: "Online Retail, 10 months",
        query: r#"select count(distinct "InvoiceNo") from retail where "CustomerID" is not null and "InvoiceNo" not like 'C%' group by "CustomerID""#,
    },
    Real {
        what: "purchases of a buyer",
        unit: "orders",
        scale: Scale::Level,
        from: "Olist, 20 months",
        query: "select count(*) from customers group by customer_unique_id",
    },
    Real {
        what: "days from paying to signing",
        unit: "days",
        scale: Scale::Shape,
        from: "Olist",
        query: "select (date_part('epoch', order_delivered_customer_date) - date_part('epoch', order_purchase_timestamp)) / 86400.0 from orders where order_delivered_customer_date is not null",
    },
    Real { what: "stars", unit: "stars", scale: Scale::Level, from: "Olist", query: "select review_score from reviews" },
    Real {
        what: "stars of orders in time",
        unit: "stars",
        scale: Scale::Level,
        from: "Olist",
        query: "select review_score from reviews join orders using (order_id) where order_delivered_customer_date <= order_estimated_delivery_date",
    },
    Real {
        what: "stars of late orders",
        unit: "stars",
        scale: Scale::Level,
        from: "Olist",
        query: "select review_score from reviews join orders using (order_id) where order_delivered_customer_date > order_estimated_delivery_date",
    },
    Real {
        what: "minutes of a show",
        unit: "minutes",
        scale: Scale::Level,
        from: "YTLive, sessions of at most 12 hours",
        query: "select duration_in_minutes from live where duration_in_minutes > 0 and duration_in_minutes <= 720",
    },
    Real {
        what: "hour at which shows begin",
        unit: "hour; UTC",
        scale: Scale::Level,
        from: "YTLive, channels of every zone",
        query: r#"select cast(substr("actualStartTime", 12, 2) as double) + cast(substr("actualStartTime", 15, 2) as double) / 60 from live where "actualStartTime" is not null"#,
    },
    Real {
        what: "follows of a buyer",
        unit: "follows",
        scale: Scale::Shape,
        from: "KuaiRand, accounts that follow somebody",
        query: "select follow_user_num from kuairand where follow_user_num > 0",
    },
    Real {
        what: "follows of a buyer",
        unit: "follows; votes",
        scale: Scale::Shape,
        from: "wiki-Vote, votes of a voter",
        query: r#"select count(*) from votes group by "from""#,
    },
    Real {
        what: "fans of a streamer",
        unit: "fans",
        scale: Scale::Shape,
        from: "KuaiRand, live streamers with fans",
        query: "select fans_user_num from kuairand where is_live_streamer = 1 and fans_user_num > 0",
    },
    Real {
        what: "fans of a streamer",
        unit: "fans; votes",
        scale: Scale::Shape,
        from: "wiki-Vote, votes for a candidate",
        query: r#"select count(*) from votes group by "to""#,
    },
    Real {
        what: "fans of a streamer",
        unit: "fans; friends",
        scale: Scale::Shape,
        from: "Twitch (Taiwan), friends of a streamer",
        query: r#"select count(*) from (select "from" as who from twitch union all select "to" from twitch) t group by who"#,
    },
    Real {
        what: "fans of a streamer",
        unit: "fans; views",
        scale: Scale::Shape,
        from: "Twitch (Taiwan), views of a streamer",
        query: "select views from twitch_views where views > 0",
    },
    Real {
        what: "days of an account at its first order",
        unit: "days",
        scale: Scale::Shape,
        from: "KuaiRand, age of an account on a day",
        query: "select register_days from kuairand where register_days > 0",
    },
    Real {
        what: "hour of likes",
        unit: "hour of market time",
        scale: Scale::Level,
        from: "Taobao, favourites",
        query: r#"select (("timestamp" + 28800) % 86400) / 3600.0 from taobao where behavior_type = 'fav'"#,
    },
    Real {
        what: "price of a bought follower",
        unit: "CNY; RUB",
        scale: Scale::Shape,
        from: "MKMarket 2021, offers of followers",
        query: "select price from offers where action = 'participate' and price > 0",
    },
    Real {
        what: "price of a bought ad_follower",
        unit: "CNY; RUB",
        scale: Scale::Shape,
        from: "MKMarket 2021, offers of friends",
        query: "select price from offers where action = 'friend' and price > 0",
    },
    Real {
        what: "price of a bought like",
        unit: "CNY; RUB",
        scale: Scale::Shape,
        from: "MKMarket 2021, offers of likes",
        query: "select price from offers where action = 'like' and price > 0",
    },
    Real {
        what: "price of a bought play",
        unit: "CNY; RUB",
        scale: Scale::Shape,
        from: "MKMarket 2021, offers of views",
        query: "select price from offers where action = 'view' and price > 0",
    },
    Real {
        what: "price of a bought popularity",
        unit: "CNY; RUB",
        scale: Scale::Shape,
        from: "MKMarket 2021, offers of comments",
        query: "select price from offers where action = 'comment' and price > 0",
    },
    Real {
        what: "price of a bought shop_unlock",
        unit: "CNY; RUB",
        scale: Scale::Shape,
        from: "MKMarket 2021, offers of followers",
        query: "select price from offers where action = 'participate' and price > 0",
    },
];

pub(super) const REAL_SHARES: [RealShare; 9] = [
    RealShare {
        what: "late orders",
        from: "Olist",
        query: "select sum(case when order_delivered_customer_date > order_estimated_delivery_date then 1 else 0 end), count(*) from orders where order_delivered_customer_date is not null",
    },
    RealShare {
        what: "cancelled orders",
        from: "Olist, cancelled or unavailable; samples of every state",
        query: "select sum(case when order_status in ('canceled', 'unavailable') then 1 else 0 end), count(*) from orders where sampled_from <> 'thegeshwar'",
    },
    RealShare {
        what: "refunded orders",
        from: "Online Retail, cancelling invoices over all",
        query: r#"select sum(case when i like 'C%' then 1 else 0 end), count(*) from (select distinct "InvoiceNo" as i from retail) t"#,
    },
    RealShare {
        what: "buyers with more than one order",
        from: "Olist",
        query: "select sum(case when n > 1 then 1 else 0 end), count(*) from (select count(*) as n from customers group by customer_unique_id) t",
    },
    RealShare {
        what: "buyers with more than one order",
        from: "CDNOW, 18 months",
        query: "select sum(case when n > 1 then 1 else 0 end), count(*) from (select count(distinct date) as n from cdnow group by customer_id) t",
    },
    RealShare {
        what: "buyers of a shop with more than one order there",
        from: "CDNOW, 18 months",
        query: "select sum(case when n > 1 then 1 else 0 end), count(*) from (select count(distinct date) as n from cdnow group by customer_id) t",
    },
    RealShare {
        what: "buyers of a shop with more than one order there",
        from: "Online Retail, 10 months, many resellers",
        query: r#"select sum(case when n > 1 then 1 else 0 end), count(*) from (select count(distinct "InvoiceNo") as n from retail where "CustomerID" is not null and "InvoiceNo" not like 'C%' group by "CustomerID") t"#,
    },
    RealShare {
        what: "new buyers of a shop who come back in six months",
        from: "Tmall, new buyers of Double 11",
        query: "select sum(label), count(*) from tmall",
    },
    RealShare {
        what: "likes between 19 and 24 hours",
        from: "Taobao, favourites",
        query: r#"select sum(case when (("timestamp" + 28800) % 86400) >= 68400 then 1 else 0 end), count(*) from taobao where behavior_type = 'fav'"#,
    },
];
