# Run by approvekit_embed_assets: writes OUTPUT from the files NAMES in DIRECTORY.

set(content_type_css "text/css; charset=utf-8")
set(content_type_html "text/html; charset=utf-8")
set(content_type_js "text/javascript; charset=utf-8")
set(content_type_json "application/json")
set(content_type_png "image/png")
set(content_type_svg "image/svg+xml")
set(content_type_webmanifest "application/manifest+json")

# The text as it is served: without indentation and without comments that have lines of their own; of scripts also without
# blanks around some operators and punctuation, and of style sheets without what separates lines, but for the blanks within
# them.
function(serve_briefly text extension result)
  set(brief "\n${text}")
  string(REGEX REPLACE "\n[ \n]*/\\*([^*]|\\*+[^*/])*\\*+/" "" brief "${brief}")
  if(extension STREQUAL "js")
    string(REGEX REPLACE "\n[ ]*//[^\n]*" "" brief "${brief}")
    # Only where nothing before it in its line opens a text, in which a blank counts; texts end in their line.
    set(before "")
    while(NOT before STREQUAL brief)
      set(before "${brief}")
      string(REGEX REPLACE "(\n[^\"'`\n]*) (=>?|===|!==|&&|[|][|]|[?][?]) " "\\1\\2" brief "${brief}")
      # Nor where a slash may open an expression.
      string(REGEX REPLACE "(\n[^\"'`/\n]*[,?:<>{}]) " "\\1" brief "${brief}")
      string(REGEX REPLACE "(\n[^\"'`/\n]*) ([?:<>{}])" "\\1\\2" brief "${brief}")
    endwhile()
  endif()
  string(REGEX REPLACE "\n[ \n]+" "\n" brief "${brief}")
  if(extension STREQUAL "css")
    string(REGEX REPLACE "(\n[a-z-]+:) " "\\1" brief "${brief}")
    string(REGEX REPLACE " {\n" "{" brief "${brief}")
    string(REGEX REPLACE "([;,}])\n" "\\1" brief "${brief}")
  endif()
  string(REGEX REPLACE "^\n" "" brief "${brief}")
  set(${result} "${brief}" PARENT_SCOPE)
endfunction()

set(arrays "")
set(rows "")
set(index 0)
foreach(name IN LISTS NAMES)
  string(REGEX REPLACE "^.*\\." "" extension "${name}")
  if(NOT DEFINED content_type_${extension})
    message(FATAL_ERROR "${DIRECTORY}/${name}: no content type is known for .${extension}; "
      "add it to ${CMAKE_CURRENT_LIST_FILE}")
  endif()
  if(extension MATCHES "^(css|html|js)$")
    file(READ "${DIRECTORY}/${name}" text)
    serve_briefly("${text}" ${extension} text)
    string(HEX "${text}" bytes)
  else()
    file(READ "${DIRECTORY}/${name}" bytes HEX)
  endif()
  string(LENGTH "${bytes}" digits)
  if(digits EQUAL 0)
    message(FATAL_ERROR "${DIRECTORY}/${name} is empty")
  endif()
  string(REGEX REPLACE "(..)" "'\\\\x\\1'," bytes "${bytes}")
  string(APPEND arrays "constexpr char asset_${index}[] = {${bytes}};\n")
  string(APPEND rows "    {\"/${name}\", \"${content_type_${extension}}\", "
    "{asset_${index}, sizeof asset_${index}}},\n")
  math(EXPR index "${index} + 1")
endforeach()

file(WRITE "${OUTPUT}" "#include \"web/assets.hpp\"

namespace approvekit::web {
namespace {

${arrays}
constexpr Asset table[] = {
${rows}};

}  // namespace

std::span<const Asset> assets() noexcept { return table; }

}  // namespace approvekit::web
")
