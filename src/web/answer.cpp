#include "web/answer.hpp"

namespace approvekit::web {
namespace {

constexpr std::string_view content_security_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

void append_headers(std::string& text, const HeaderList& headers) {
    for (const auto& [name, value] : headers)
        text.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

Answer json_answer(int status, const Json& body) {
    Answer answer;
    answer.status = status;
    // A row of another program may hold text that is not UTF-8; it must not make the whole page fail.
    answer.body = body.dump(-1, ' ', false, Json::error_handler_t::replace);
    return answer;
}

Answer error_answer(int status, std::string_view code, std::string_view message) {
    return json_answer(status, {{"error", message}, {"code", code}});
}

const HeaderList& security_headers() {
    static const HeaderList headers = {
        {"Content-Security-Policy", std::string(content_security_policy)},
        {"X-Content-Type-Options", "nosniff"},
        {"X-Frame-Options", "DENY"},
        {"Cache-Control", "no-store"},
        {"Referrer-Policy", "no-referrer"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
    };
    return headers;
}

std::string closing_text(const Answer& answer) {
    // Clients go by the number; the reason phrase has meant nothing since HTTP/1.1.
    std::string text = "HTTP/1.1 " + std::to_string(answer.status) + " Refused\r\nConnection: close\r\n";
    append_headers(text,
                   {{"Content-Type", answer.content_type}, {"Content-Length", std::to_string(answer.body.size())}});
    append_headers(text, answer.headers);
    append_headers(text, security_headers());
    return text.append("\r\n").append(answer.body);
}

}  // namespace approvekit::web
