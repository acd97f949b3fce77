# Compiles the judge for browsers and puts it into one page. CPL_VERIFIER_CONSTANT is the source that
# holds the page as a constant; check.html beside it is the same page as a file.
set(folder ${CMAKE_CURRENT_BINARY_DIR}/verifier)
set(here ${PROJECT_SOURCE_DIR}/tools/verifier)

# All of the rooms that judge, but for what OpenSSL, simdjson, libzip and files do in programs;
# tools/verifier/*_host.cpp stand in for those that the judge calls.
set(judging_rooms registry/statement registry/list registry/rules registry/tlog registry/event
  registry/evidence registry/given registry/sheet tools/verifier)
set(judging_files
  crypto/encoding crypto/keys crypto/merkle crypto/note crypto/note_key crypto/plain_text
  crypto/prefix_tree registry/base/checked_json registry/base/csv registry/base/file_kind
  registry/base/json registry/base/json_plain registry/base/json_text registry/base/letters_apart
  registry/base/london registry/base/printed_json registry/base/time registry/extract/extract
  registry/extract/proof registry/extract/table registry/extract/verdict)
list(TRANSFORM judging_files APPEND .cpp)
foreach(room IN LISTS judging_rooms)
  file(GLOB sources CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/${room}/*.cpp)
  list(APPEND judging_files ${sources})
endforeach()

# Headers alone are taken from the system's own, which are for another machine.
foreach(library boost nlohmann)
  find_path(headers_of_${library} ${library} REQUIRED)
  file(MAKE_DIRECTORY ${folder}/include)
  file(CREATE_LINK ${headers_of_${library}}/${library} ${folder}/include/${library} SYMBOLIC)
endforeach()

# By relative paths, so that the same sources give the same octets wherever the tree lies.
file(RELATIVE_PATH top ${CMAKE_CURRENT_BINARY_DIR} ${PROJECT_SOURCE_DIR})
set(machine --target=wasm32-wasi -stdlib=libc++ -fno-exceptions -fno-rtti -flto=thin)
set(flags ${machine} -std=c++20 -Oz -fvisibility=hidden -ffunction-sections -fdata-sections
  -Wall -Wextra -Werror -DJSON_USE_IMPLICIT_CONVERSIONS=0 -DJSON_NOEXCEPTION
  -DBOOST_NO_EXCEPTIONS -DBOOST_NO_RTTI -DBOOST_SYSTEM_DISABLE_THREADS
  -ffile-prefix-map=${top}/= -I${top} -isystem verifier/include -include crypto/pch.hpp)
separate_arguments(launcher UNIX_COMMAND "${CMAKE_CXX_COMPILER_LAUNCHER}")
set(objects "")
foreach(source IN LISTS judging_files)
  string(REPLACE "/" "_" name ${source})
  set(object verifier/${name}.o)
  add_custom_command(OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/${object}
    COMMAND ${launcher} ${CPL_WASM_CXX} ${flags} -MD -MF ${object}.d -c ${top}/${source} -o ${object}
    DEPENDS ${PROJECT_SOURCE_DIR}/${source}
    DEPFILE ${object}.d
    WORKING_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}
    COMMENT "Building for browsers ${source}"
    VERBATIM)
  list(APPEND objects ${CMAKE_CURRENT_BINARY_DIR}/${object})
endforeach()

# The compiler itself has wasm-opt make it smaller, where that is installed.
set(judge ${folder}/judge.wasm)
add_custom_command(OUTPUT ${judge}
  COMMAND ${CPL_WASM_CXX} ${machine} -mexec-model=reactor -Oz
    -Wl,--strip-all -Wl,--gc-sections ${objects} -lc++ -lc++abi -o ${judge}
  DEPENDS ${objects}
  COMMENT "Linking the judge for browsers"
  VERBATIM)

set(CPL_VERIFIER_CONSTANT ${folder}/verifier_page.cpp)
set(style ${PROJECT_SOURCE_DIR}/api/html/assets/cpl.css)
file(GLOB scripts CONFIGURE_DEPENDS ${here}/*.mjs)
add_custom_command(OUTPUT ${CPL_VERIFIER_CONSTANT} ${folder}/check.html
  COMMAND ${CPL_NODE} ${here}/build.mjs ${judge} ${style} ${folder}/check.html
    ${CPL_VERIFIER_CONSTANT}
  DEPENDS ${judge} ${style} ${scripts} ${here}/page.html ${here}/package-lock.json
  COMMENT "Generating the verifier's page"
  VERBATIM)
set_source_files_properties(${CPL_VERIFIER_CONSTANT} PROPERTIES
  COMPILE_OPTIONS -Wno-overlength-strings SKIP_UNITY_BUILD_INCLUSION ON)
