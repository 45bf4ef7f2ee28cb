"""The pages and the admin in Chromium. Which tests ask for what the interface promises:

1, 2   axe, console, failed requests   test_accessibility, test_accessibility_of_the_admin; a spoilt page fails
3      320 pixels, wider text, words   test_accessibility, test_words_stay_whole
4      without scripts                 test_lists, test_accessibility, test_without_scripts
5, 6   Back, Forward, a new browser    test_lists
7      by the keyboard alone           test_by_keyboard; of clerks: test_record_from_a_source, test_enter_*
8, 9   focus, what is told aloud       test_lists, test_languages
10-13  the 46, the OSCE, the ladder    test_what_is_said_of_2017; who declined, in words and in no sum
14     numbers that lead to rows       missions/test_numbers_of_*, missions/test_pages_markup
15     pages, files, API: same rows    missions/test_files_of_lists, test_numbered_pages
16     an unpublished name             test_unpublished_name; security/ as each reader
17     Russian and Kazakh              test_accessibility, test_languages; lib/test_catalogues
18     targets of a finger             test_touched_with_a_finger
19     on paper                        test_on_paper
20     slow, broken, kept, small       test_slow_network, test_lists; config/test_static_files; test_filter_panel
"""
