<?php
// Reads cookies with PHP itself: ../readers.rs describes its input and output. On the command line this
// asks php-cgi over FastCGI to run the same file, which prints the $_COOKIE that PHP made of HTTP_COOKIE.

function pairs(array $cookies, string $name = ''): array {
    $pairs = [];
    foreach ($cookies as $key => $value) {
        $full = $name === '' ? (string) $key : $name . '[' . $key . ']';
        array_push($pairs, ...(is_array($value) ? pairs($value, $full) : [bin2hex($full) . '=' . bin2hex($value)]));
    }
    return $pairs;
}

if (PHP_SAPI === 'cgi-fcgi') {
    header('Content-Type: text/plain');
    echo implode(' ', pairs($_COOKIE));
    exit;
}

function record(int $type, string $content): string {
    return pack('CCnnCC', 1, $type, 1, strlen($content), 0, 0) . $content;
}

function length(string $text): string {
    return strlen($text) < 128 ? chr(strlen($text)) : pack('N', strlen($text) | 0x80000000);
}

function request(string $cookie): string {
    $params = '';
    foreach ([
        'GATEWAY_INTERFACE' => 'CGI/1.1', 'REQUEST_METHOD' => 'GET', 'SCRIPT_FILENAME' => __FILE__,
        'REDIRECT_STATUS' => '200', 'HTTP_COOKIE' => $cookie,
    ] as $name => $value) {
        $params .= length($name) . length($value) . $name . $value;
    }
    // A responder whose connection stays open.
    return record(1, pack('nCx5', 1, 1)) . record(4, $params) . record(4, '') . record(5, '');
}

function answer($stream): string {
    $output = '';
    do {
        $head = unpack('Cversion/Ctype/nid/nlength/Cpadding', stream_get_contents($stream, 8));
        $content = $head['length'] ? stream_get_contents($stream, $head['length']) : '';
        $head['padding'] && stream_get_contents($stream, $head['padding']);
        $head['type'] === 6 && $output .= $content;
    } while ($head['type'] !== 3);
    return explode("\r\n\r\n", $output, 2)[1];
}

$socket = tempnam(sys_get_temp_dir(), 'readers');
unlink($socket);
$environment = ['PHP_FCGI_MAX_REQUESTS' => '0', 'PATH' => getenv('PATH')];
$server = proc_open(['php-cgi', '-n', '-b', $socket], [], $pipes, null, $environment);
for ($tries = 0; !($stream = @stream_socket_client('unix://' . $socket)) && $tries < 500; $tries++) {
    usleep(20000);
}
while (($request = fgets(STDIN)) !== false) {
    $lines = array_map('hex2bin', array_filter(explode(',', trim($request))));
    fwrite($stream, request(implode('; ', $lines)));
    echo answer($stream), "\n";
}
fclose($stream);
proc_terminate($server);
@unlink($socket);
