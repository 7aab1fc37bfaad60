// Reads cookies with one of Java's readers: ../readers.rs describes its input and output.

import io.netty.handler.codec.http.cookie.ServerCookieDecoder;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.tomcat.util.http.CookieProcessor;
import org.apache.tomcat.util.http.LegacyCookieProcessor;
import org.apache.tomcat.util.http.MimeHeaders;
import org.apache.tomcat.util.http.Rfc6265CookieProcessor;
import org.apache.tomcat.util.http.ServerCookie;
import org.apache.tomcat.util.http.ServerCookies;
import org.eclipse.jetty.http.CookieCompliance;
import org.eclipse.jetty.server.CookieCutter;

final class Reader {
    interface Reads {
        List<String[]> read(List<byte[]> lines);
    }

    static Reads jetty(CookieCompliance compliance) {
        return lines -> {
            CookieCutter cutter = new CookieCutter(compliance);
            for (byte[] line : lines) {
                cutter.addCookieField(new String(line, StandardCharsets.ISO_8859_1));
            }
            List<String[]> pairs = new ArrayList<>();
            for (javax.servlet.http.Cookie cookie : cutter.getCookies()) {
                pairs.add(new String[] {cookie.getName(), cookie.getValue()});
            }
            return pairs;
        };
    }

    /** As Catalina's request does it. */
    static Reads tomcat(CookieProcessor processor) {
        return lines -> {
            MimeHeaders headers = new MimeHeaders();
            for (byte[] line : lines) {
                headers.addValue("Cookie").setBytes(line, 0, line.length);
            }
            ServerCookies cookies = new ServerCookies(4);
            processor.parseCookieHeader(headers, cookies);
            List<String[]> pairs = new ArrayList<>();
            for (int index = 0; index < cookies.getCookieCount(); index++) {
                ServerCookie cookie = cookies.getCookie(index);
                try {
                    new javax.servlet.http.Cookie(cookie.getName().toString(), null);
                } catch (IllegalArgumentException error) {
                    continue;
                }
                cookie.getValue().getByteChunk().setCharset(processor.getCharset());
                String value = unescape(cookie.getValue().toString());
                pairs.add(new String[] {cookie.getName().toString(), value});
            }
            return pairs;
        };
    }

    static String unescape(String value) {
        StringBuilder plain = new StringBuilder();
        for (int at = 0; at < value.length(); at++) {
            if (value.charAt(at) == '\\' && ++at >= value.length()) {
                throw new IllegalArgumentException();
            }
            plain.append(value.charAt(at));
        }
        return plain.toString();
    }

    static LegacyCookieProcessor lenient() {
        LegacyCookieProcessor processor = new LegacyCookieProcessor();
        processor.setAllowEqualsInValue(true);
        processor.setAllowNameOnly(true);
        processor.setAllowHttpSepsInV0(true);
        return processor;
    }

    static Reads netty(ServerCookieDecoder decoder) {
        return lines -> {
            List<String[]> pairs = new ArrayList<>();
            decoder.decodeAll(join(lines)).forEach(cookie -> pairs.add(new String[] {cookie.name(), cookie.value()}));
            return pairs;
        };
    }

    @SuppressWarnings("deprecation")
    static Reads oldNetty(boolean strict) {
        return lines -> {
            List<String[]> pairs = new ArrayList<>();
            io.netty.handler.codec.http.CookieDecoder.decode(join(lines), strict)
                .forEach(cookie -> pairs.add(new String[] {cookie.name(), cookie.value()}));
            return pairs;
        };
    }

    static String join(List<byte[]> lines) {
        List<String> texts = new ArrayList<>();
        lines.forEach(line -> texts.add(new String(line, StandardCharsets.ISO_8859_1)));
        return String.join("; ", texts);
    }

    static Reads named(String name) {
        return switch (name) {
            case "jetty" -> jetty(CookieCompliance.RFC6265);
            case "jetty-6265-legacy" -> jetty(CookieCompliance.RFC6265_LEGACY);
            case "jetty-2965" -> jetty(CookieCompliance.RFC2965);
            case "tomcat" -> tomcat(new Rfc6265CookieProcessor());
            case "tomcat-legacy" -> tomcat(new LegacyCookieProcessor());
            case "tomcat-legacy-lenient" -> tomcat(lenient());
            case "netty" -> netty(ServerCookieDecoder.STRICT);
            case "netty-lax" -> netty(ServerCookieDecoder.LAX);
            case "netty-old" -> oldNetty(true);
            case "netty-old-lax" -> oldNetty(false);
            default -> throw new IllegalArgumentException(name);
        };
    }

    static String hex(String text) {
        return HexFormat.of().formatHex((text == null ? "" : text).getBytes(StandardCharsets.UTF_8));
    }

    public static void main(String[] arguments) throws Exception {
        Logger.getLogger("").setLevel(Level.OFF);
        System.setProperty("org.eclipse.jetty.util.log.announce", "false");
        Reads reader = named(arguments[0]);
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        PrintWriter output =
            new PrintWriter(new BufferedWriter(new OutputStreamWriter(System.out, StandardCharsets.US_ASCII)));
        for (String request; (request = input.readLine()) != null;) {
            List<byte[]> lines = new ArrayList<>();
            for (String line : request.split(",")) {
                if (!line.isEmpty()) {
                    lines.add(HexFormat.of().parseHex(line));
                }
            }
            try {
                List<String> pairs = new ArrayList<>();
                reader.read(lines).forEach(pair -> pairs.add(hex(pair[0]) + "=" + hex(pair[1])));
                output.println(String.join(" ", pairs));
            } catch (RuntimeException error) {
                output.println("!" + hex(String.valueOf(error)));
            }
        }
        output.flush();
    }
}
