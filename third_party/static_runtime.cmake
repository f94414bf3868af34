# SPDX-License-Identifier: MIT
# portside_static_runtime(TARGET): the C++ runtime and fmt go into the program. `portside list` is over in some
# hundredths of a second, and loading libstdc++, libgcc, libm and libfmt was a tenth of that. Sanitizers bring their own
# runtime; where there is no static one, or fmt has other functions, the program loads the shared ones as ever.
include(CheckCXXSourceCompiles)
set(portside_fmt_inline "${PROJECT_SOURCE_DIR}/core/base/fmt_inline.cpp")
set(portside_static_flags -static-libstdc++ -static-libgcc -Wl,--as-needed -Wl,--gc-sections)
if(PORTSIDE_STATIC_RUNTIME AND NOT PORTSIDE_SANITIZE)
  set(CMAKE_REQUIRED_LINK_OPTIONS ${portside_static_flags})
  check_cxx_source_compiles("#include \"${portside_fmt_inline}\"\nint main() { return std::get<0>(portside::kInlineFmt) == nullptr; }"
                            PORTSIDE_HAS_STATIC_RUNTIME)
  unset(CMAKE_REQUIRED_LINK_OPTIONS)
endif()

function(portside_static_runtime target)
  if(PORTSIDE_STATIC_RUNTIME AND NOT PORTSIDE_SANITIZE AND PORTSIDE_HAS_STATIC_RUNTIME)
    target_sources(${target} PRIVATE "${portside_fmt_inline}")
    target_link_options(${target} PRIVATE ${portside_static_flags})
    set_source_files_properties("${portside_fmt_inline}" PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
  endif()
endfunction()
