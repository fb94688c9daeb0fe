# approvekit_embed_assets(TARGET DIRECTORY FILES...) compiles files into TARGET. The generated
# source defines approvekit::web::assets(), which src/web/assets.hpp declares.

function(approvekit_embed_assets target directory)
  list(TRANSFORM ARGN PREPEND "${CMAKE_CURRENT_SOURCE_DIR}/${directory}/" OUTPUT_VARIABLE files)
  set(script "${PROJECT_SOURCE_DIR}/cmake/WriteAssets.cmake")
  set(output "${CMAKE_CURRENT_BINARY_DIR}/${target}_assets.cpp")
  add_custom_command(OUTPUT "${output}"
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${output}
      -DDIRECTORY=${CMAKE_CURRENT_SOURCE_DIR}/${directory} "-DNAMES=${ARGN}" -P "${script}"
    DEPENDS ${files} "${script}"
    COMMENT "Embedding ${directory}"
    VERBATIM)
  target_sources(${target} PRIVATE "${output}")
endfunction()
