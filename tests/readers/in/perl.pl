# Reads cookies with one of CGI.pm's readers: ../readers.rs describes its input and output.
use strict;
use warnings;
use CGI::Cookie;

my %readers = (
    'cgi-cookie' => sub {
        my %jar = CGI::Cookie->fetch;
        return map { my $name = $_; map { [$name, $_] } $jar{$name}->value } keys %jar;
    },
    'cgi-cookie-raw' => sub {
        my %jar = CGI::Cookie->raw_fetch;
        return map { [$_, $jar{$_}] } keys %jar;
    },
);
my $read = $readers{ $ARGV[0] };

sub hex_of { my $text = shift // ''; utf8::encode($text) if utf8::is_utf8($text); return unpack 'H*', $text }

while (my $request = <STDIN>) {
    chomp $request;
    local $ENV{HTTP_COOKIE} = join '; ', map { pack 'H*', $_ } split /,/, $request;
    local $SIG{__WARN__} = sub { };
    my @pairs = eval { $read->() };
    print $@ ? '!' . hex_of($@) : join(' ', map { hex_of($_->[0]) . '=' . hex_of($_->[1]) } @pairs), "\n";
}
