//! What somebody tries who has read the source: addresses written otherwise, requests
//! that no browser sends, forms from elsewhere, and what others left behind.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use soundings::account::Role;
use soundings::web::{DOORS, Who};

use crate::support::house::TestHouse;
use crate::support::on_both;
use crate::support::visitor::Visitor;
use crate::support::{Backend, WAVE};

/// What came back, as it came.
struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Answer {
    fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.into_iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

/// Sends these bytes and nothing else.
fn send(house: &TestHouse, request: &[u8]) -> Answer {
    let address = house.base().strip_prefix("http://").expect("an address");
    let mut stream = TcpStream::connect(address).expect("the service");
    stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a limit");
    // It may answer, and hang up, before it has read everything.
    drop(stream.write_all(request));
    let mut bytes = Vec::new();
    drop(stream.read_to_end(&mut bytes));
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
    let status = status.unwrap_or_else(|| panic!("no answer: {text:?}"));
    Answer { status, head: head.to_owned(), body: body.to_owned() }
}

fn host(house: &TestHouse) -> &str {
    house.base().strip_prefix("http://").expect("an address")
}

/// A request by hand, with headers of its own beside the host.
fn by_hand(house: &TestHouse, line: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
    let mut head = format!("{line} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n", host(house));
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str(&format!("Content-Length: {}\r\n\r\n", body.len()));
    send(house, &[head.as_bytes(), body].concat())
}

/// The session of somebody who signed in, as its cookie, and what its forms carry.
fn session(house: &TestHouse, role: Role) -> (String, String) {
    let link = house.sign_in_link(role);
    let path = link.strip_prefix(house.base()).expect("our own link");
    let answer = by_hand(house, &format!("POST {path}"), &[], b"");
    assert_eq!(answer.status, 303, "{}", answer.head);
    let cookie = answer.header("set-cookie").expect("a cookie");
    let cookie = cookie.split(';').next().expect("a cookie").to_owned();
    let page = by_hand(house, "GET /results", &[("Cookie", &cookie)], b"");
    let (_, rest) = page.body.split_once("name=\"-form\" value=\"").expect("a form");
    (cookie, rest.split('"').next().expect("a token").to_owned())
}

/// Ways to write an address that some server, proxy or router takes for the same.
fn written_otherwise(path: &str) -> Vec<String> {
    let rest = &path[1..];
    let (first, last) = (rest.as_bytes()[0], rest.as_bytes()[rest.len() - 1]);
    let coded = |byte: u8| match byte {
        b'/' => "/".to_owned(),
        other => format!("%{other:02x}"),
    };
    let whole: String = rest.bytes().map(coded).collect();
    vec![
        format!("/{}{}", coded(first), &rest[1..]),
        format!("/{}{}", coded(first).to_uppercase(), &rest[1..]),
        format!("/{}{}", &rest[..rest.len() - 1], coded(last)),
        format!("/{whole}"),
        format!("/%25{first:02x}{}", &rest[1..]),
        format!("//{rest}"),
        format!("///{rest}"),
        format!("/{rest}/"),
        format!("/{rest}/."),
        format!("/./{rest}"),
        format!("/promise/../{rest}"),
        format!("/promise/%2e%2e/{rest}"),
        format!("/promise/..%2f{rest}"),
        format!("/assets/..%5c..%5c{rest}"),
        format!("/%2f{rest}"),
        format!("/{}", rest.replace('/', "%2f")),
        format!("/{}", rest.replace('/', "%5c")),
        format!("/{rest};a=b"),
        format!("/{rest}%00"),
        format!("/{rest}%20"),
        format!("/{rest}%0d%0a"),
        format!("/{rest}.json"),
        format!("/{rest}?-form=x&_method=GET"),
        format!("/{}", rest.to_uppercase()),
    ]
}

/// The doors of staff, with something in each place.
fn doors_of_staff() -> Vec<String> {
    let of_staff = |who: Who| matches!(who, Who::Staff(_) | Who::Reader(_) | Who::Program(_));
    let doors = DOORS.iter().filter(|door| of_staff(door.look) || of_staff(door.act));
    doors
        .map(|door| {
            let mut path = door.route.replace("{wave}", WAVE);
            while let Some((before, rest)) = path.split_once('{') {
                let after = rest.split_once('}').map(|(_, after)| after).unwrap_or_default();
                path = format!("{before}x1{after}");
            }
            path
        })
        .collect()
}

fn is_refused(status: u16) -> bool {
    matches!(status, 400 | 401 | 403 | 404 | 405)
}

on_both!(an_address_written_otherwise_opens_no_door, |house| {
    house.import_region();
    house.open_wave(WAVE);
    let (lmc, _) = session(house, Role::Lmc);
    let pages = ["/office", "/office/settings", "/office/trail/trail.csv", "/office/health"];
    for path in pages {
        for written in written_otherwise(path) {
            for cookie in ["", &lmc] {
                for method in ["GET", "HEAD", "POST"] {
                    let asked = format!("{method} {written}");
                    let answer = by_hand(house, &asked, &[("Cookie", cookie)], b"");
                    assert!(is_refused(answer.status), "{asked} {cookie}: {}", answer.status);
                }
            }
        }
    }
    // The LMC reads results, and no other page of staff, however it is written.
    let coded = |path: &str| -> String {
        path.bytes()
            .map(|byte| if byte == b'/' { "/".to_owned() } else { format!("%{byte:02X}") })
            .collect()
    };
    for path in doors_of_staff() {
        for written in [coded(&path), path.clone()] {
            let answer = by_hand(house, &format!("GET {written}"), &[], b"");
            assert!(is_refused(answer.status), "{path} as {written}: {}", answer.status);
            let form = [("Content-Type", "application/x-www-form-urlencoded")];
            let answer = by_hand(house, &format!("POST {written}"), &form, b"scope=all&-form=x");
            assert!(is_refused(answer.status), "{path} as {written}: {}", answer.status);
        }
    }
    // An address that may be opened stays one, as browsers may write it.
    assert_eq!(by_hand(house, "GET /%70romise", &[], b"").status, 200);
    let answer = by_hand(house, "GET /%72esults", &[("Cookie", &lmc)], b"");
    assert_eq!(answer.status, 200);
    let (office, _) = session(house, Role::Office);
    let answer = by_hand(house, "GET /offic%65/settings", &[("Cookie", &office)], b"");
    assert_eq!(answer.status, 200);
});

on_both!(no_other_method_gets_in_and_none_is_taken_for_another, |house| {
    let (office, token) = session(house, Role::Office);
    let cookie = ("Cookie", office.as_str());
    for method in ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "get", "X"]
    {
        for headers in [&[cookie][..], &[][..]] {
            let answer = by_hand(house, &format!("{method} /office/mail"), headers, b"");
            let shut = matches!(answer.status, 400 | 403 | 404 | 405 | 501);
            assert!(shut, "{method}: {}", answer.status);
            assert!(!answer.body.contains(&office), "{method} shows the cookie");
        }
    }
    // A look stays a look, whatever the request says of itself.
    let form = format!("scope=all&-form={token}");
    for name in ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"] {
        let more = [cookie, (name, "POST"), ("Content-Type", "application/x-www-form-urlencoded")];
        let answer = by_hand(house, "GET /office/mail/pause", &more, form.as_bytes());
        assert_eq!(answer.status, 405, "{name}");
        let query = format!("GET /office/mail/pause?_method=POST&{form}");
        assert_eq!(by_hand(house, &query, &more, b"").status, 405, "{name}");
    }
    // What a look is not allowed to see, its head does not tell either.
    let head = by_hand(house, "HEAD /office/settings", &[], b"");
    assert_eq!((head.status, head.body.as_str()), (401, ""));
    let page = by_hand(house, "GET /office/mail", &[cookie], b"");
    assert!(!page.body.contains("Mails are paused"));
});

on_both!(only_our_own_host_is_answered, |house| {
    let ours = host(house).to_owned();
    let port = ours.split(':').nth(1).expect("a port");
    let plain = |text: &str| send(house, text.as_bytes()).status;
    assert_eq!(plain(&format!("GET / HTTP/1.1\r\nHost: {ours}\r\nConnection: close\r\n\r\n")), 200);
    // None, none that is ours, and ours with something beside it.
    for wrong in [
        "GET / HTTP/1.1\r\nConnection: close\r\n\r\n".to_owned(),
        "GET / HTTP/1.0\r\n\r\n".to_owned(),
        "GET / HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n".to_owned(),
        "GET / HTTP/1.1\r\nHost: elsewhere.example.com\r\nConnection: close\r\n\r\n".to_owned(),
        format!(
            "GET / HTTP/1.1\r\nHost: elsewhere.example.com:{port}\r\nConnection: close\r\n\r\n"
        ),
        format!("GET / HTTP/1.1\r\nHost: {ours}.example.com\r\nConnection: close\r\n\r\n"),
        format!("GET / HTTP/1.1\r\nHost: a@{ours}\r\nConnection: close\r\n\r\n"),
        "GET / HTTP/1.1\r\nHost: 127.0.0.1:1\r\nConnection: close\r\n\r\n".to_owned(),
        format!(
            "GET / HTTP/1.1\r\nHost: elsewhere.example.com\r\nX-Forwarded-Host: {ours}\r\nConnection: close\r\n\r\n"
        ),
        format!(
            "GET http://{ours}/ HTTP/1.1\r\nHost: elsewhere.example.com\r\nConnection: close\r\n\r\n"
        ),
    ] {
        let status = plain(&wrong);
        assert!(matches!(status, 400 | 403), "{wrong:?}: {status}");
    }
    // No page is made of what a request says of its host.
    let answer = by_hand(house, "GET /", &[("X-Forwarded-Host", "elsewhere.example.com")], b"");
    assert!(!answer.body.contains("elsewhere.example.com"));
    // Ends of messages are not a matter of opinion.
    let both = format!(
        "POST /sign-in HTTP/1.1\r\nHost: {ours}\r\nConnection: close\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /promise HTTP/1.1\r\n\r\n"
    );
    let answer = send(house, both.as_bytes());
    assert!(answer.status >= 400 && !answer.body.contains("HTTP/1.1 200"), "{}", answer.head);
    let twice = format!(
        "POST /sign-in HTTP/1.1\r\nHost: {ours}\r\nConnection: close\r\nContent-Length: 0\r\nContent-Length: 5\r\n\r\nGET /"
    );
    assert_eq!(plain(&twice), 400);
});

/// A form in parts, as browsers send files.
fn in_parts(parts: usize, token: &str) -> Vec<u8> {
    let mut body = String::new();
    for (name, value) in [("-form", token), ("scope", "all")] {
        body.push_str(&format!(
            "--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        ));
    }
    for number in 2..parts {
        body.push_str(&format!(
            "--b\r\nContent-Disposition: form-data; name=\"f{number}\"; filename=\"x\"\r\n\r\nx\r\n"
        ));
    }
    body.push_str("--b--\r\n");
    body.into_bytes()
}

on_both!(a_form_is_read_in_one_way_only_and_never_beyond_its_limits, |house| {
    let (office, token) = session(house, Role::Office);
    let post = |kind: &str, body: &[u8]| {
        let headers = [("Cookie", office.as_str()), ("Content-Type", kind)];
        by_hand(house, "POST /office/mail/pause", &headers, body).status
    };
    let plain = "application/x-www-form-urlencoded";
    let form = format!("scope=all&-form={token}");
    // Kinds that another site's page can send without being asked, and others.
    for kind in ["text/plain", "application/json", "application/xml", "", "a", "multipart/mixed"] {
        assert!(is_refused(post(kind, form.as_bytes())), "{kind}");
    }
    let json = format!("{{\"scope\":\"all\",\"-form\":\"{token}\"}}");
    assert_eq!(post("application/json", json.as_bytes()), 400);
    for broken in
        ["multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=b"]
    {
        assert!(is_refused(post(broken, form.as_bytes())), "{broken}");
    }
    assert_eq!(post("multipart/form-data; boundary=b", &in_parts(201, &token)), 400);
    assert_eq!(post("multipart/form-data; boundary=b", &in_parts(5000, &token)), 413);
    // Of a field that comes twice the first counts: a token behind another opens nothing.
    assert_eq!(post(plain, format!("-form=x&-form={token}&scope=all").as_bytes()), 403);
    assert_eq!(post(plain, format!("-form%00={token}&scope=all").as_bytes()), 403);
    assert_eq!(post(plain, format!("-FORM={token}&scope=all").as_bytes()), 403);
    // Not behind the question mark, where other sites and histories see it.
    let headers = [("Cookie", office.as_str()), ("Content-Type", plain)];
    let asked = format!("POST /office/mail/pause?{form}");
    assert_eq!(by_hand(house, &asked, &headers, b"scope=all").status, 403);
    // Too long, said or not, packed or not.
    let long = vec![b'x'; 5 * 1024 * 1024];
    assert_eq!(post(plain, &long), 413);
    let upload = format!("POST /office/waves/{WAVE}/open");
    let parts = [("Cookie", office.as_str()), ("Content-Type", "multipart/form-data; boundary=b")];
    assert_eq!(by_hand(house, &upload, &parts, &long).status, 413);
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packed.write_all(&vec![b'&'; 64 * 1024 * 1024]).expect("memory");
    let packed = packed.finish().expect("memory");
    assert!(packed.len() < 100_000);
    let gzip = [headers[0], headers[1], ("Content-Encoding", "gzip")];
    let answer = by_hand(house, "POST /office/mail/pause", &gzip, &packed);
    assert!(matches!(answer.status, 400 | 403 | 413), "{}", answer.status);
    let page = by_hand(house, "GET /office/mail", &[headers[0]], b"");
    assert!(!page.body.contains("Mails are paused"));
    assert_eq!(post(plain, form.as_bytes()), 303, "the form itself goes");
});

on_both!(another_site_changes_nothing_by_the_browser_of_somebody_signed_in, |house| {
    let (office, token) = session(house, Role::Office);
    let form = format!("scope=all&-form={token}");
    let plain = ("Content-Type", "application/x-www-form-urlencoded");
    let ours = house.base().to_owned();
    for from in [
        ("Sec-Fetch-Site", "cross-site"),
        ("Sec-Fetch-Site", "same-site"),
        ("Sec-Fetch-Site", ""),
        ("Origin", "null"),
        ("Origin", "https://elsewhere.example.com"),
        ("Origin", "http://127.0.0.1:1"),
        ("Origin", &format!("{ours}.example.com")),
    ] {
        let headers = [("Cookie", office.as_str()), plain, from];
        for door in ["/office/mail/pause", "/sign-out", "/sign-in"] {
            let answer = by_hand(house, &format!("POST {door}"), &headers, form.as_bytes());
            assert_eq!(answer.status, 403, "{door} {from:?}");
            assert_eq!(answer.header("access-control-allow-origin"), None);
        }
    }
    let own = [("Cookie", office.as_str()), plain, ("Origin", &ours)];
    assert_eq!(by_hand(house, "POST /office/mail/pause", &own, form.as_bytes()).status, 303);
});

on_both!(a_session_is_never_one_that_somebody_else_chose, |house| {
    // A cookie that was planted before is worth nothing and does not survive.
    let planted = "A".repeat(43);
    let cookie = format!("soundings-staff={planted}");
    assert_eq!(by_hand(house, "GET /office", &[("Cookie", &cookie)], b"").status, 401);
    let link = house.sign_in_link(Role::Office);
    let path = link.strip_prefix(house.base()).expect("our own link").to_owned();
    let answer = by_hand(house, &format!("POST {path}"), &[("Cookie", &cookie)], b"");
    let given = answer.header("set-cookie").expect("a cookie").to_owned();
    assert!(given.starts_with("soundings-staff=") && !given.contains(&planted), "{given}");
    for word in ["HttpOnly", "SameSite=Strict", "Path=/"] {
        assert!(given.contains(word), "{word}: {given}");
    }
    assert_eq!(by_hand(house, "GET /office", &[("Cookie", &cookie)], b"").status, 401);
    // The same link a second time opens nothing.
    assert_eq!(by_hand(house, &format!("POST {path}"), &[], b"").status, 404);
    // Nobody else's session is ended by a form of one's own, and one that ended stays so.
    let (first, token) = session(house, Role::Office);
    let (second, _) = session(house, Role::Office);
    assert_ne!(first, second);
    let plain = ("Content-Type", "application/x-www-form-urlencoded");
    let form = format!("-form={token}");
    let out = |cookie: &str| {
        by_hand(house, "POST /sign-out", &[("Cookie", cookie), plain], form.as_bytes())
    };
    assert_eq!(out(&second).status, 403);
    let done = out(&first);
    assert_eq!((done.status, done.header("clear-site-data")), (303, Some("\"cache\"")));
    assert_eq!(by_hand(house, "GET /office", &[("Cookie", &first)], b"").status, 401);
    assert_eq!(by_hand(house, "GET /office", &[("Cookie", &second)], b"").status, 200);
});

on_both!(nobody_is_led_to_another_site, |house| {
    let (office, token) = session(house, Role::Office);
    let headers =
        [("Cookie", office.as_str()), ("Content-Type", "application/x-www-form-urlencoded")];
    for to in [
        "https://elsewhere.example.com/",
        "//elsewhere.example.com/",
        "/\\elsewhere.example.com",
        "/office/waves//elsewhere.example.com",
        "/office/waves/x\r\nSet-Cookie: a=b",
        "javascript:alert(1)",
        "",
    ] {
        let body = serde_urlencoded::to_string([
            ("-form", token.as_str()),
            ("act", "wave.opened"),
            ("about", WAVE),
            ("form", ""),
            ("to", to),
        ]);
        let body = body.expect("a form");
        for door in ["/office/seconds", "/office/seconds/take-back"] {
            let answer = by_hand(house, &format!("POST {door}"), &headers, body.as_bytes());
            assert_eq!((answer.status, answer.header("location")), (400, None), "{door} {to:?}");
        }
    }
    for path in
        ["//elsewhere.example.com/%2e%2e", "/\\elsewhere.example.com", "/%0d%0aSet-Cookie:a=b"]
    {
        let answer = by_hand(house, &format!("GET {path}"), &[], b"");
        assert!(is_refused(answer.status), "{path}: {}", answer.status);
        assert_eq!((answer.header("location"), answer.header("set-cookie")), (None, None));
    }
});

on_both!(what_one_reader_was_shown_no_other_is_given, |house| {
    let (office, _) = session(house, Role::Office);
    let (sha, _) = session(house, Role::Sha);
    for path in ["/", "/results", "/office"] {
        let theirs = by_hand(house, &format!("GET {path}"), &[("Cookie", &office)], b"");
        assert_eq!((theirs.status, theirs.header("cache-control")), (200, Some("no-store")));
        let (_, rest) = theirs.body.split_once("name=\"-form\" value=\"").expect("a form");
        let token = rest.split('"').next().expect("a token");
        for other in [
            by_hand(house, &format!("GET {path}"), &[], b""),
            by_hand(house, &format!("GET {path}"), &[("Cookie", &sha)], b""),
        ] {
            assert!(!other.body.contains(token), "{path}");
            assert!(!other.body.contains("href=\"/office\""), "{path}");
        }
    }
    // Nor does any cache keep what is answered to whoever may not.
    for path in ["/answer", "/office/settings", "/sign-in/x", "/s/x"] {
        let answer = by_hand(house, &format!("GET {path}"), &[], b"");
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
    }
});

/// What every answer says to browsers, pages and errors alike.
#[test]
fn every_answer_has_its_guards_and_cookies_keep_to_the_host_under_tls() {
    let plain = TestHouse::start(Backend::Sqlite);
    for path in ["/", "/nothing", "/office", "/assets/nothing.css", "/api/v1/releases", "/healthz"]
    {
        let answer = by_hand(&plain, &format!("GET {path}"), &[], b"");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        let policy = answer.header("content-security-policy").expect("a policy");
        for word in ["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"] {
            assert!(policy.contains(word), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(answer.header("referrer-policy"), Some("strict-origin"), "{path}");
        assert_eq!(answer.header("strict-transport-security"), None, "{path}");
        assert_eq!((answer.header("server"), answer.header("x-powered-by")), (None, None));
    }
    let base = "https://survey.example.org".to_owned();
    let house = TestHouse::start_with(Backend::Sqlite, [("SOUNDINGS_BASE_URL", base)]);
    let port = house.house.settings.bind;
    let ask = |text: String| {
        let mut stream = TcpStream::connect(port).expect("the service");
        stream.write_all(text.as_bytes()).expect("it reads");
        let mut answer = String::new();
        drop(stream.read_to_string(&mut answer));
        answer
    };
    let host = "Host: survey.example.org\r\nConnection: close\r\n";
    let answer = ask(format!("GET / HTTP/1.1\r\n{host}\r\n"));
    let wanted = "strict-transport-security: max-age=31536000; includeSubDomains";
    assert!(answer.contains(wanted), "{answer}");
    let body = "email=nobody%40elsewhere.example.org";
    let form = format!(
        "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}",
        body.len()
    );
    let answer = ask(format!("POST /sign-in HTTP/1.1\r\n{host}{form}\r\n\r\n{body}"));
    let cookie = answer.lines().find(|line| line.starts_with("set-cookie: ")).expect("a cookie");
    for word in ["__Host-soundings-", "Secure", "HttpOnly", "Path=/"] {
        assert!(cookie.contains(word), "{word}: {cookie}");
    }
    assert!(!cookie.contains("Domain"), "{cookie}");
}

/// A browser of this kind keeps cookies, as those above do not.
#[test]
fn a_page_of_the_office_is_gone_after_signing_out() {
    let house = TestHouse::start(Backend::Sqlite);
    let office: Visitor = house.sign_in(Role::Office);
    assert_eq!(office.get("/office").status, 200);
    assert_eq!(office.post("/sign-out", &[]).status, 303);
    for path in ["/office", "/offic%65", "/office/settings"] {
        assert_eq!(office.get(path).status, 401, "{path}");
    }
}
