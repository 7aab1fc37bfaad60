// The guide's nine headers, byte for byte, as an array of names and values.
[
    ("x-xss-protection", "1; mode=block"),
    ("x-permitted-cross-domain-policies", "none"),
    ("x-frame-options", "DENY"),
    ("x-content-type-options", "nosniff"),
    ("x-download-options", "noopen"),
    ("referrer-policy", "same-origin"),
    ("strict-transport-security", "max-age=31536000; includeSubDomains"),
    ("expect-ct", "enforce, max-age=2592000"),
    (
        "content-security-policy",
        "default-src 'none'; base-uri 'self'; frame-ancestors 'none'; \
         img-src 'self' data: blob: https:; media-src 'self' https:; \
         style-src 'self' 'unsafe-inline'; font-src 'self'; script-src 'self'; \
         connect-src 'self' wss://example.tld; manifest-src 'self'; upgrade-insecure-requests",
    ),
]
