# The flags of every target of ours. Link a target to altiplano_flags (PRIVATE) to get them.
add_library(altiplano_flags INTERFACE)
target_compile_options(altiplano_flags INTERFACE
    $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Wpedantic -Wshadow -Werror>
    # g++ 12 takes string concatenation at -O3 for overlapping copies: gcc.gnu.org/PR105651.
    $<$<AND:$<COMPILE_LANGUAGE:CXX>,$<CXX_COMPILER_ID:GNU>>:-Wno-restrict>)
if(ALTIPLANO_SANITIZE)
    add_compile_options(-fsanitize=${ALTIPLANO_SANITIZE} -fno-omit-frame-pointer)
    add_link_options(-fsanitize=${ALTIPLANO_SANITIZE})
    # g++ 12 takes what the sanitizers add to a std::variant for a read of uninitialized memory.
    target_compile_options(altiplano_flags INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
endif()
if(ALTIPLANO_FUZZ)
    add_compile_options(-fsanitize=fuzzer-no-link) # coverage for the fuzz targets, in every library
endif()
