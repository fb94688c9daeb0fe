#pragma once

#include <string>

namespace approvekit {

/// Appends `number`, which must be finite, the way ECMAScript and so RFC 8785 write it.
///
/// One exception: what ECMAScript writes as an integer beyond 64 bits gets an exponent, since parse_json refuses
/// such integers and a canonical text must be readable again.
void append_number(std::string& text, double number);

}  // namespace approvekit
