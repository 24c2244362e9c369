//! What holds for every request: security headers, the right host, no changes
//! on behalf of another site, and a log line without anything personal.

use std::borrow::Cow;

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{Method, header};
use actix_web::middleware::{DefaultHeaders, Next};
use actix_web::{Error, HttpRequest, web};

use crate::flow::House;

use super::access;
use super::error::WebError;

/// No script but our own, nothing from elsewhere, no framing by others.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; \
     img-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; \
     frame-ancestors 'none'; connect-src 'self'; manifest-src 'self'";

pub(super) fn headers(house: &House) -> DefaultHeaders {
    let headers = DefaultHeaders::new()
        .add((header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY))
        .add((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        // Not less: without a referrer browsers hide the origin of our own forms too.
        .add((header::REFERRER_POLICY, "strict-origin"))
        .add(("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()"))
        .add(("Cross-Origin-Opener-Policy", "same-origin"))
        .add(("Cross-Origin-Resource-Policy", "same-origin"));
    if house.settings.over_tls() {
        headers.add((header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains"))
    } else {
        headers
    }
}

/// Answers HEAD as GET: the server leaves the body out by itself.
pub(super) async fn head_as_get(
    mut request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    if *request.method() == Method::HEAD {
        request.head_mut().method = Method::GET;
    }
    next.call(request).await
}

/// Refuses requests to another host, and changes asked for by another site.
pub(super) async fn refuse_strangers(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<EitherBody<impl MessageBody>>, Error> {
    let house = request.app_data::<web::Data<House>>().cloned();
    let refused = house.is_none_or(|house| {
        let host = host(&request);
        let probe = matches!(request.path(), "/healthz" | "/readyz");
        let changes = !matches!(*request.method(), Method::GET | Method::HEAD);
        !(probe || is_our_host(host, house.settings.host()))
            || (changes && !comes_from_us(&request, host))
    });
    if refused {
        let (request, _) = request.into_parts();
        return Ok(ServiceResponse::from_err(WebError::Stranger, request).map_into_right_body());
    }
    Ok(next.call(request).await?.map_into_left_body())
}

/// The host that the browser asked for. What a proxy says about it is not
/// believed: any page could say the same.
fn host(request: &ServiceRequest) -> &str {
    let named = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    named.or_else(|| request.uri().authority().map(|it| it.as_str())).unwrap_or_default()
}

/// Whether somebody between the browser and us passed the request on.
pub(super) fn was_passed_on(request: &HttpRequest) -> bool {
    let passed = |name: &str| {
        matches!(name, "forwarded" | "via" | "x-real-ip") || name.starts_with("x-forwarded")
    };
    request.headers().keys().any(|name| passed(name.as_str()))
}

fn is_our_host(host: &str, ours: &str) -> bool {
    let port = |host: &str| host.rsplit_once(':').map(|(_, port)| port.to_owned());
    let name = |host: &str| host.rsplit_once(':').map_or(host, |(name, _)| name).to_owned();
    let loopback = |host: &str| matches!(name(host).as_str(), "127.0.0.1" | "localhost" | "[::1]");
    host.eq_ignore_ascii_case(ours)
        || (loopback(host) && loopback(ours) && port(host) == port(ours))
}

/// Browsers say where a form comes from; one that says nothing is let through,
/// because the cookies are SameSite=Strict.
fn comes_from_us(request: &ServiceRequest, host: &str) -> bool {
    let said = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    match said("sec-fetch-site") {
        Some(site) => matches!(site, "same-origin" | "none"),
        None if !request.headers().contains_key(header::ORIGIN) => true,
        None => said("origin")
            .and_then(|origin| origin.split_once("://"))
            .is_some_and(|(_, from)| from.eq_ignore_ascii_case(host)),
    }
}

/// One line a request, but none for a lead: method, route pattern, status, time
/// taken. What fails has a line of its own from [`super::error`].
pub(super) async fn log(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let started = std::time::Instant::now();
    let method = request.method().clone();
    let response = next.call(request).await?;
    let request = response.request();
    let route = access::door_of(request).map(Cow::Borrowed);
    let route = route.or_else(|| request.match_pattern().map(Cow::Owned));
    let route = route.unwrap_or(Cow::Borrowed("(no route)"));
    // When a lead came, answered or shared is kept nowhere, logs included; what a page
    // loads besides, or a broken link, would tell it too.
    let silent = [
        "/s/",
        "/r/",
        "/stop/",
        "/answer",
        "/lost-link",
        "/leave",
        "/network",
        "/assets/",
        "/look/",
        "(no route)",
    ];
    if silent.iter().any(|start| route.starts_with(start)) {
        return Ok(response);
    }
    tracing::info!(
        %method,
        route = &*route,
        status = response.status().as_u16(),
        milliseconds = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        "request"
    );
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::is_our_host;

    #[test]
    fn loopback_has_several_names_and_other_hosts_have_none() {
        assert!(is_our_host("localhost:8080", "127.0.0.1:8080"));
        assert!(is_our_host("survey.example.org", "Survey.example.org"));
        assert!(!is_our_host("localhost:9090", "127.0.0.1:8080"));
        assert!(!is_our_host("localhost:8080", "survey.example.org"));
        assert!(!is_our_host("evil.example.com", "127.0.0.1:8080"));
    }
}
