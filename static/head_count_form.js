'use strict';
// The number box takes the words of a press release, and the ladder follows what is typed. The server does both alike.
{
    const $ = django.jQuery;

    async function takeApart(box) {
        const text = box.value.trim();
        if (!text || /^[0-9]+$/.test(text)) {
            return;
        }
        const answer = await fetch(`${box.dataset.read}?${new URLSearchParams({text})}`);
        const {qualifier, number} = answer.ok ? await answer.json() : {number: null};
        const chosen = box.form.elements[box.name.replace(/value$/, 'qualifier')];
        const otherwise = qualifier && !['exact', qualifier].includes(chosen.value);
        // What is not understood, or chosen otherwise by hand, stays for the form to refuse with its reason.
        if (number === null || otherwise || box.value.trim() !== text) {
            return;
        }
        box.value = number;
        chosen.value = qualifier || chosen.value;
    }

    let asked = 0;

    async function showLadder(section) {
        const mine = ++asked;
        const failed = section.querySelector('.ladder-failed');
        try {
            const body = new FormData(section.closest('form'));
            const answer = await fetch(section.dataset.address, {method: 'POST', body, redirect: 'error'});
            if (!answer.ok) {
                throw new Error(answer.statusText);
            }
            const ladder = await answer.text();
            if (mine !== asked) {
                return;
            }
            section.querySelector('#ladder-shown').innerHTML = ladder;
            const said = [...section.querySelectorAll('.ladder-figure, .ladder-problems li, .ladder-notes li')];
            section.querySelector('#ladder-said').textContent = said.map((each) => each.textContent).join(' ');
            failed.hidden = true;
        } catch {
            failed.hidden = mine !== asked;
        }
    }

    async function follow(box) {
        if (box.dataset.read) {
            await takeApart(box);
        }
        const section = document.getElementById('ladder');
        if (section) {
            await showLadder(section);
        }
    }

    // jQuery's event, because the boxes that complete what is typed tell nobody else.
    $(document).on('change', 'form[id$="_form"] :input', (event) => follow(event.target));
    $(document).on('paste', 'input[data-read]', (event) => setTimeout(() => follow(event.target)));

    function askForSource() {
        const form = document.getElementById('headcount_form');
        if (form && form.elements.value.value && form.elements.as_of.value && !form.elements.source.value) {
            form.querySelector('#id_source + .select2 .select2-selection').focus();
        }
    }

    // Where another source says the same, only the source is asked for. On load, because Django moves the cursor before;
    // through jQuery, because the boxes that complete are made in its turns.
    window.addEventListener('load', () => $(askForSource));
}
