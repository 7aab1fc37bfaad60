# Reads cookies with one of Ruby's readers: ../readers.rs describes its input and output.
require "cgi"
require "rack"

READERS = {
  "rack" => lambda do |line|
    Rack::Request.new("HTTP_COOKIE" => line).cookies.flat_map { |name, value| [[name, value]] }
  end,
  "ruby-cgi" => lambda do |line|
    CGI::Cookie.parse(line).flat_map { |name, values| values.map { |value| [name, value] } }
  end,
}.freeze

def hex(text)
  text.to_s.b.unpack1("H*")
end

read = READERS.fetch(ARGV[0])
$stdin.each_line(chomp: true) do |request|
  line = request.split(",").map { |hex| [hex].pack("H*") }.join("; ")
  begin
    $stdout.puts read.call(line).map { |name, value| "#{hex(name)}=#{hex(value)}" }.join(" ")
  rescue StandardError => e
    $stdout.puts "!#{hex(e.message)}"
  end
end
