<?php
// Serves an application that reads its session from $_COOKIE: php -S 127.0.0.1:PORT php.php.
if ($_SERVER['REQUEST_URI'] === '/sign-in') {
    header('Set-Cookie: pleroma_key=genuine; Path=/; HttpOnly');
}
header('Content-Type: text/html; charset=utf-8');
echo '<!doctype html><title>cookies</title>', htmlspecialchars(json_encode((object) $_COOKIE));
