from tests.security import world as worlds

def test_no_personal_field_and_no_internal_note_is_blank(world):
    checked, blank = worlds.blank_private_fields(world)
    assert blank == []
    assert checked > 100, checked

def test_x(crawl):
    import time
    t=time.time()
    for a in crawl.clients:
        for u in ("/", "/admin/", "/api/v1/observers/", "/api/v1/assignments/?format=csv", "/admin/observers/observer/"):
            v = crawl.ask(a, u); print(v, len(v.text))
    print(time.time()-t)
    for k, v in crawl.leaks.items(): print(k, v)
    assert 0
