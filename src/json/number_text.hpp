#pragma once

#include <string>
#include <string_view>

namespace approvekit::json {

/// Appends `number`, which must be finite, the way ECMAScript and so RFC 8785 write it.
///
/// One exception: what ECMAScript writes as an integer beyond 64 bits gets an exponent, since parse_json refuses
/// such integers and a canonical text must be readable again.
void append_number(std::string& text, double number);

/// Whether `number`, which was read from the JSON number `written`, still shows the digits that stand there: written
/// with as many significant digits, or with the fewest that read back as it, it has the same ones.
[[nodiscard]] bool keeps_digits(double number, std::string_view written);

}  // namespace approvekit::json
