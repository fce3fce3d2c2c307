(()=>{const lists=[...document.querySelectorAll("ul.notes")];if(!lists.length)return;
const notes=lists.flatMap(list=>[...list.children].map(item=>({item,list,text:fold(item.textContent+" "+(item.dataset.text||"")+" "+list.previousElementSibling.textContent)})));
const field=document.createElement("input");field.type="search";field.className="find";field.placeholder="Search";field.autocomplete="off";
field.setAttribute("aria-label","Search notes");
const said=document.createElement("p");said.className="muted";said.setAttribute("role","status");
document.querySelector("header.page").append(field,said);
field.addEventListener("input",()=>{const words=fold(field.value).split(/\s+/).filter(Boolean);let count=0;
for(const{item,text}of notes){const fits=words.every(word=>text.includes(word));item.hidden=!fits;count+=fits}
for(const list of lists)list.parentElement.hidden=![...list.children].some(item=>!item.hidden);
said.textContent=words.length?(count===1?"1 note found":count+" notes found")+(document.querySelector("[data-cut]")?"; of long notes only the beginning is searched":""):""})})();
